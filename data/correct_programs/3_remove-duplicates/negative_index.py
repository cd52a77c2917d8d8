def remove_extras(lst):
    result = []
    for i in range(-len(lst), 0):
        if lst[i] not in result:
            result.append(lst[i])
    return result
