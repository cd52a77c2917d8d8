def top_k(lst, k):
    ordered = []
    for num in lst:
        i = 0
        while i < len(ordered) and ordered[i] > num:
            i += 1
        ordered.insert(i, num)
    return ordered[:k]
