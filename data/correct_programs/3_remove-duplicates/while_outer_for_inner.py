def remove_extras(lst):
    result = []
    i = 0
    while i < len(lst):
        is_new = True
        for r in result:
            if r == lst[i]:
                is_new = False
        if is_new == True:
            result.append(lst[i])
        i = i + 1
    return result
