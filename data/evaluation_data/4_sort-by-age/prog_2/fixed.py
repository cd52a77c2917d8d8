def sort_age(lst):
    res = []
    for age in range(150, -1, -1):
        for human in lst:
            if human[1] == age:
                res += [human]
    return res
