def top_k(lst, k):
    copy = []
    for x in lst:
        copy.append(x)
    res = []
    while k > 0:
        m = max(copy)
        res.append(m)
        copy.remove(m)
        k -= 1
    return res
