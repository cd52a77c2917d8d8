def top_k(lst, k):
    if k == 0:
        return []
    pos = lst.index(max(lst))
    return [lst[pos]] + top_k(lst[:pos] + lst[pos + 1:], k - 1)
