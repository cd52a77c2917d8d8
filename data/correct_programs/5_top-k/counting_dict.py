def top_k(lst, k):
    counts = {}
    for n in lst:
        counts[n] = counts.get(n, 0) + 1
    result = []
    while len(result) < k:
        m = max(counts)
        result.append(m)
        counts[m] -= 1
        if counts[m] == 0:
            del counts[m]
    return result
