def remove_extras(lst):
    if lst == []:
        return lst
    else:
        result = [lst[0],]
        for i in range(1, len(lst)):
            if lst[i] in result:
                continue
            else:
                result.append(lst[i])
        return result

