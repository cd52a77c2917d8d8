def top_k(lst, k):
    for i in range(k):
        m = max(lst[i:])
        where = lst.index(m, i)
        lst[i], lst[where] = lst[where], lst[i]
    return lst[:k]
