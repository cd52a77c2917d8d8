def remove_extras(lst):
    l = []
    for i in range(0, len(lst)):
        times = l.count(lst[i])
        if times<1:
            l.append(lst[i])
    return l
