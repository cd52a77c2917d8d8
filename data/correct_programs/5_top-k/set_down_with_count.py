def top_k(lst, k):
    values = set(lst)
    res = []
    while len(res) < k:
        v = max(values)
        for j in range(lst.count(v)):
            res.append(v)
        values.remove(v)
    return res[:k]
