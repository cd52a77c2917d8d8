def remove_extras(lst):
    a = []
    for x in lst:
        if lst.count(x) == 1:
            a.append(x)
        elif lst.count(x) > 1 and x not in a:
            a.append(x)
    return a
