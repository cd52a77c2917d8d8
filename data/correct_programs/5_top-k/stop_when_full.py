def top_k(lst, k):
    result = []
    while lst:
        if len(result) == k:
            return result
        m = lst[0]
        for a in lst:
            if a >= m:
                m = a
        result.append(m)
        lst.remove(m)
    return result
