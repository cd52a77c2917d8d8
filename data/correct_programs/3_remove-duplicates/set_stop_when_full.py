def remove_extras(lst):
    amount = len(set(lst))
    res = []
    i = 0
    while len(res) < amount:
        if lst[i] not in res:
            res.append(lst[i])
        i += 1
    return res
