def remove_extras(lst):
    # only if it did not come up earlier
    s = []
    for i in range(len(lst)):
        earlier = lst[:i]
        if lst[i] in earlier:
            continue
        s += [lst[i]]
    return s
