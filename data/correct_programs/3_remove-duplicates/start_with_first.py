def remove_extras(lst):
    if len(lst) == 0:
        return []
    result = [lst[0]]
    for x in lst[1:]:
        if x not in result:
            result.append(x)
    return result
