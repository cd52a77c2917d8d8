def sort_age(lst):
    n = len(lst)
    for i in range(n):
        for j in range(n - 1):
            if lst[j][1] < lst[j + 1][1]:
                lst[j], lst[j + 1] = lst[j + 1], lst[j]
    return lst
