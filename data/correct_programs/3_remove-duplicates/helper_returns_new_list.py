def add(things, x):
    if x in things:
        return things
    return things + [x]

def remove_extras(lst):
    res = []
    for x in lst:
        res = add(res, x)
    return res
