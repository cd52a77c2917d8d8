def sort_age(lst):
    if len(lst) <= 1:
        return lst
    for i in range(len(lst) - 1):
        if lst[i][1] < lst[i + 1][1]:
            lst[i], lst[i + 1] = lst[i + 1], lst[i]
    return sort_age(lst[:-1]) + [lst[-1]]
