def remove_extras(lst):
    s = set()
    out = []
    for x in lst:
        before = len(s)
        s.add(x)
        if len(s) > before:
            out.append(x)
    return out
