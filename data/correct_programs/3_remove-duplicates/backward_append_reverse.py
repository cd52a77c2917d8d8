def remove_extras(lst):
    res = []
    n = len(lst) - 1
    while n >= 0:
        if lst[n] not in lst[0:n]:
            res.append(lst[n])
        n -= 1
    res.reverse()
    return res
