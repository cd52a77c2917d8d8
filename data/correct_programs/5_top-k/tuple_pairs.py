def top_k(lst, k):
    pairs = []
    for i, x in enumerate(lst):
        pairs.append((x, i))
    result = []
    while len(result) < k:
        best = max(pairs)
        pairs.remove(best)
        result.append(best[0])
    return result
