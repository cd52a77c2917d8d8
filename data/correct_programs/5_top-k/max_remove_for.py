def top_k(lst, k):

    result = []
    for i in range(k):
        m = max(lst)
        result.append(m)
        lst.remove(m)
    return result
