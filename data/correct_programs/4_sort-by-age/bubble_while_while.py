def sort_age(lst):
    n = len(lst)
    while n > 1:
        i = 1
        while i < n:
            if lst[i-1][1] < lst[i][1]:
                tmp = lst[i]
                lst[i] = lst[i-1]
                lst[i-1] = tmp
            i += 1
        n -= 1
    return lst
