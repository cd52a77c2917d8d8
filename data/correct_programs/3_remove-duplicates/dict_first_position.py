def remove_extras(lst):
    where = {}
    for i in range(len(lst)):
        if lst[i] not in where:
            where[lst[i]] = i
    res = []
    for i in sorted(where.values()):
        res.append(lst[i])
    return res
