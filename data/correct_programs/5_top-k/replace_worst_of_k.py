def top_k(lst, k):
    if k == 0:
        return []
    best = lst[:k]
    for x in lst[k:]:
        worst = min(best)
        if x > worst:
            best[best.index(worst)] = x
    res = []
    while best:
        m = max(best)
        res.append(m)
        best.remove(m)
    return res
