def remove_extras(lst):
    keep = [True] * len(lst)
    for i in range(len(lst)):
        for j in range(i+1, len(lst)):
            if lst[i] == lst[j]:
                keep[j] = False
    new = []
    for i in range(len(lst)):
        if keep[i]:
            new.append(lst[i])
    return new
