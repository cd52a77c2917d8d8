def remove_extras(lst):
    copy = lst[:]
    i = 0
    while i < len(copy):
        j = len(copy) - 1
        while j > i:
            if copy[j] == copy[i]:
                copy.pop(j)
            j -= 1
        i += 1
    return copy
