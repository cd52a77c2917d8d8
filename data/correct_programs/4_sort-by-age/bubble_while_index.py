def sort_age(lst):
    i = 0
    while i < len(lst) - 1:
        if lst[i][1] < lst[i+1][1]:
            lst[i], lst[i+1] = lst[i+1], lst[i]
            i = 0
        else:
            i += 1
    return lst
