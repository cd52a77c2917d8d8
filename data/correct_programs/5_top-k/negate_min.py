def top_k(lst, k):
    negative = [-x for x in lst]
    res = []
    for i in range(k):
        m = min(negative)
        negative.remove(m)
        res.append(-m)
    return res
