def remove_extras(lst):
    res = []
    for a in lst:
        found = False
        for b in res:
            if a == b:
                found = True
        if not found:
            res.append(a)
    return res
