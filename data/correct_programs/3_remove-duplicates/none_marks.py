def remove_extras(lst):
    # put None where a value is a repeat
    temp = lst[:]
    for i in range(len(temp)):
        for j in range(i + 1, len(temp)):
            if temp[j] == temp[i]:
                temp[j] = None
    result = []
    for t in temp:
        if t != None:
            result.append(t)
    return result
