def top_k(lst, k):
    result = []
    if k == 0:
        return result
    too_small = min(lst) - 1
    for i in range(k):
        big = max(lst)
        result.append(big)
        lst[lst.index(big)] = too_small
    return result
