def remove_extras(lst):
    res = []
    for elem in lst:
        if elem in res:
            continue
        res.append(elem)
    return res
