def remove_extras(lst):
    if len(lst) <= 1:
        return lst[:]
    last = lst[-1]
    rest = lst[:-1]
    if last in rest:
        return remove_extras(rest)
    else:
        return remove_extras(rest) + [last]
