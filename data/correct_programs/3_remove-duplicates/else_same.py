def remove_extras(lst):
    out = []
    for a in lst:
        if a not in out:
            out = out + [a]
        else:
            out = out
    return out
