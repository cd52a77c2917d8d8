def remove_extras(lst):
    new = []
    for i in range(len(lst)):
        ok = True
        for j in range(i):
            if lst[j] == lst[i]:
                ok = False
                break
        if ok:
            new.append(lst[i])
    return new
