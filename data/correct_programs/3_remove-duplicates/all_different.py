def remove_extras(lst):
    res = []
    for x in lst:
        if all(x != r for r in res):
            res.append(x)
    return res
