def top_k(lst, k):
    res = []
    for i in range(len(lst)):
        m = min(lst)
        res.insert(0, m)
        lst.remove(m)
    return res[:k]
