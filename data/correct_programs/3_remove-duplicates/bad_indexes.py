def remove_extras(lst):
    extras = []
    for i in range(len(lst)):
        for j in range(i):
            if lst[j] == lst[i] and i not in extras:
                extras.append(i)
    res = []
    for i in range(len(lst)):
        if i not in extras:
            res.append(lst[i])
    return res
