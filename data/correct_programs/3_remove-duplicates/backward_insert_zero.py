def remove_extras(lst):
    result = []
    for i in range(len(lst)-1, -1, -1):
        if lst[i] not in lst[:i]:
            result.insert(0, lst[i])
    return result
