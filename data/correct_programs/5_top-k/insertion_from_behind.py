def top_k(lst, k):
    ordered = []
    for x in lst:
        i = len(ordered)
        while i > 0 and ordered[i - 1] < x:
            i -= 1
        ordered = ordered[:i] + [x] + ordered[i:]
    return ordered[:k]
