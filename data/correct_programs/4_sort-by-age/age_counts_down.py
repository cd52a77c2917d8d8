def sort_age(lst):
    result = []
    if len(lst) == 0:
        return result
    age = max([p[1] for p in lst])
    while age >= 0:
        for p in lst:
            if p[1] == age:
                result.append(p)
        age -= 1
    return result
