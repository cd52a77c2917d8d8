def remove_extras(lst):
    i = 0
    while i < len(lst):
        if lst[i] in lst[0:i]:
            del lst[i]
        else:
            i = i + 1
    return lst
