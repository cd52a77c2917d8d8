def top_k(lst, k):
    ordered = []
    while lst:
        ordered.append(max(lst))
        lst.remove(ordered[-1])
    return ordered[:k]
