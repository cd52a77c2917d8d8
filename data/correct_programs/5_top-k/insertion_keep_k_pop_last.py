def top_k(lst, k):
    best = []
    for x in lst:
        i = 0
        while i < len(best) and best[i] >= x:
            i += 1
        best.insert(i, x)
        if len(best) > k:
            best.pop()
    return best
