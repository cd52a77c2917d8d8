def remove_extras(lst):
    if not lst:
        return []
    rest = remove_extras(lst[1:])
    if lst[0] in rest:
        rest.remove(lst[0])
    rest.insert(0, lst[0])
    return rest
