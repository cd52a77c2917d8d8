def remove_extras(lst):
    result = []
    for i in range(len(lst) - 1, -1, -1):
        x = lst[i]
        if x in result:
            result.remove(x)
        result.insert(0, x)
    return result
