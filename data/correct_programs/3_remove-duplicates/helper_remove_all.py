def without(x, values):
    new = []
    for v in values:
        if v != x:
            new.append(v)
    return new

def remove_extras(lst):
    result = []
    while len(lst) > 0:
        result.append(lst[0])
        lst = without(lst[0], lst)
    return result
