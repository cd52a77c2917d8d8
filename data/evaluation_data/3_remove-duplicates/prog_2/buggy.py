def remove_extras(lst):
    was_there = dict()
    keep = []
    p = 0
    while p < len(lst)-1:
        was_there[lst[p]] = was_there.get(lst[p], 0) + 1
        if was_there[lst[p]] == 1:
            keep.append(lst[p])
            p = p + 1
    return keep
