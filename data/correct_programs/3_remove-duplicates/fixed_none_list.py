def remove_extras(lst):
    res = [None] * len(lst)
    size = 0
    for i in range(len(lst)):
        if lst[i] not in res:
            res[size] = lst[i]
            size += 1
    return res[0:size]
