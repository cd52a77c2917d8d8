def oldest_age(people):
    ages = []
    for p in people:
        ages.append(p[1])
    return max(ages)

def sort_age(lst):
    result = []
    while len(lst) > 0:
        age = oldest_age(lst)
        for p in lst:
            if p[1] == age:
                result.append(p)
                lst.remove(p)
                break
    return result
