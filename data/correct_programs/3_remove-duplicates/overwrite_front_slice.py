def remove_extras(lst):
    a = lst[:]
    n = 0
    for x in lst:
        if x not in a[:n]:
            a[n] = x
            n += 1
    return a[:n]
