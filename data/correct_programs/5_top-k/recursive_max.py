def top_k(lst, k):

    if k == 0:
        return []
    m = max(lst)
    lst.remove(m)
    return [m] + top_k(lst, k - 1)
