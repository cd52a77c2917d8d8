def remove_extras(lst):
    res = []
    for x in lst:
        k = 0
        found = False
        while k < len(res) and not found:
            if res[k] == x:
                found = True
            k += 1
        if not found:
            res.append(x)
    return res
