def top_k(lst, k):
    if lst == []:
        return []
    low = min(lst)
    counts = [0] * (max(lst) - low + 1)
    for x in lst:
        counts[x - low] += 1
    down = []
    for i in range(len(counts) - 1, -1, -1):
        down += [i + low] * counts[i]
    return down[:k]
