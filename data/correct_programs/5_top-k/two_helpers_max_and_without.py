def get_max(l):
    m = l[0]
    for x in l:
        if x > m:
            m = x
    return m

def without(l, x):
    i = l.index(x)
    return l[:i] + l[i+1:]

def top_k(lst, k):
    res = []
    while len(res) < k:
        m = get_max(lst)
        res.append(m)
        lst = without(lst, m)
    return res
