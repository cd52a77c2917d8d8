def remove_extras(lst):
    if len(lst) == 0:
        return []
    elif len(lst) == 1:
        return [lst[0]]
    else:
        res = [lst[0]]
        for i in range(1, len(lst)):
            if lst[i] in res:
                pass
            else:
                res.append(lst[i])
        return res
