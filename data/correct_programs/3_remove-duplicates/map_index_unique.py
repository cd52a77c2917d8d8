def remove_extras(lst):
    firsts = list(map(lst.index, lst))
    res = []
    for i in range(len(firsts)):
        if firsts[i] == i:
            res.append(lst[i])
    return res
