def top_k(lst, k):
    res = []
    for num in lst:
        placed = False
        for i in range(len(res)):
            if not placed and num > res[i]:
                res.insert(i, num)
                placed = True
        if not placed:
            res.append(num)
    return res[:k]
