def remove_extras(lst):
    i = -1
    good = []
    while i < len(lst) - 1:
        i += 1
        if lst[i] in good:
            continue
        good.append(lst[i])
    return good
