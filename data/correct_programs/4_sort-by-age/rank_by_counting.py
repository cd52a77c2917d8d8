def sort_age(lst):
    result = [0] * len(lst)
    for person in lst:
        older = 0
        for other in lst:
            if other[1] > person[1]:
                older += 1
        result[older] = person
    return result
