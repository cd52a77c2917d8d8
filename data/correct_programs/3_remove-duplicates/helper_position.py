def find(lst, x):
    i = 0
    while i < len(lst):
        if lst[i] == x:
            return i
        i += 1
    return -1

def remove_extras(lst):
    res = []
    for n in lst:
        if find(res, n) == -1:
            res.append(n)
    return res
