def top_k(lst, k):
    copy = lst[:]
    res = []
    while len(res) < k:
        best = None
        for i in range(len(copy)):
            if copy[i] is None:
                continue
            if best is None or copy[i] > copy[best]:
                best = i
        res.append(copy[best])
        copy[best] = None
    return res
