def remove_extras(lst):
    new = []
    for x in lst:
        if not x in new:
            new += [x]
    return new
