def remove_extras(lst):
    lst2 = list(lst)
    for i in range(len(lst2)-1, 0, -1):
        if lst2[i] in lst2[:i]:
            del lst2[i]
    return lst2
