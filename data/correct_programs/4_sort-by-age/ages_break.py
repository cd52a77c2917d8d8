def sort_age(lst):
    ages = []
    for p in lst:
        ages.append(p[1])
    ages = sorted(ages)
    res = []
    i = len(ages) - 1
    while i >= 0:
        for p in lst:
            if p[1] == ages[i]:
                res.append(p)
                break
        i -= 1
    return res
