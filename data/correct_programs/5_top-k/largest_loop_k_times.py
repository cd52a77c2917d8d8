def top_k(lst, k):
    out = []
    for i in range(k):
        big = lst[0]
        for v in lst:
            if v > big:
                big = v
        out.append(big)
        lst.remove(big)
    return out
