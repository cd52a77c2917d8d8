def top_k(lst, k):
    chosen = []
    if k == 0:
        return chosen
    value = max(lst)
    while len(chosen) < k:
        for x in lst:
            if x == value:
                result.append(x)
        value -= 1
    return chosen
