def sort_age(lst):
    if lst == []:
        return []
    oldest = lst[0]
    for p in lst:
        if p[1] > oldest[1]:
            oldest = p
    res = [oldest]
    while len(res) < len(lst):
        nxt = None
        for p in lst:
            if p[1] < res[-1][1]:
                if nxt == None or p[1] > nxt[1]:
                    nxt = p
        res.append(nxt)
    return res
