def sort_age(lst):
    res = []
    for age in range(150, 0, -1):
        for human in lst:
            if human[1] == age:
                res += human
    return res
