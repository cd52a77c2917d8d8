def remove_extras(lst):
    l2 = []
    for e in lst:
        if e in l2:
            pass
        else:
            l2 += [e,]
    return l2
