def top_k(lst, k):
    for r in range(k):
        for j in range(len(lst) - 1, r, -1):
            if lst[j] > lst[j - 1]:
                lst[j], lst[j - 1] = lst[j - 1], lst[j]
    return lst[:k]
