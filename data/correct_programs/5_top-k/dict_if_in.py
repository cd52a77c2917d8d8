def top_k(lst, k):
    d = {}
    for x in lst:
        if x in d:
            d[x] += 1
        else:
            d[x] = 1
    res = []
    while d:
        big = max(d.keys())
        times = d.pop(big)
        for i in range(times):
            if len(res) < k:
                res.append(big)
    return res
