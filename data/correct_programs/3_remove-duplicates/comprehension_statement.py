def remove_extras(lst):
    res = []
    [res.append(x) for x in lst if x not in res]
    return res
