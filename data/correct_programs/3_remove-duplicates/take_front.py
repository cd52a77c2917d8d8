def remove_extras(lst):
    rest = list(lst)
    keep = []
    while len(rest) > 0:
        x = rest.pop(0)
        if x not in keep:
            keep.append(x)
    return keep
