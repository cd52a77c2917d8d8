def remove_extras(lst):
    result = []
    for i in range(len(lst)):
        if lst.index(lst[i]) == i:
            result.append(lst[i])
    return result
