def remove_extras(lst):
    out = []
    times = {}
    for x in lst:
        times[x] = times.get(x, 0) + 1
        if times[x] == 1:
            out.append(x)
    return out
