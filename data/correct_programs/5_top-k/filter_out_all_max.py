def top_k(lst, k):
    result = []
    while len(result) < k:
        m = max(lst)
        for x in lst:
            if x == m and len(result) < k:
                result.append(x)
        lst = [x for x in lst if x != m]
    return result
