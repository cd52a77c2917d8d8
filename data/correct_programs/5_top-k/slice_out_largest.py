def top_k(lst, k):
    out = []
    for i in range(k):
        p = lst.index(max(lst))
        out.append(lst[p])
        lst = lst[:p] + lst[p + 1:]
    return out
