def remove_extras(lst):
    d = {}
    for value in lst:
        d[value] = 1
    return list(d.keys())
