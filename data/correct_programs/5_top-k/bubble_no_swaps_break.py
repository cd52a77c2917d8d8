def top_k(lst, k):
    for i in range(len(lst)):
        swaps = 0
        for j in range(1, len(lst)):
            if lst[j - 1] < lst[j]:
                lst[j - 1], lst[j] = lst[j], lst[j - 1]
                swaps += 1
        if swaps == 0:
            break
    res = []
    for i in range(k):
        res.append(lst[i])
    return res
