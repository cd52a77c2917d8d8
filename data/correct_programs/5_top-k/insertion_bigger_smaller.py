def top_k(lst, k):
    res = []
    for x in lst:
        bigger = [y for y in res if y > x]
        smaller = [y for y in res if y <= x]
        res = bigger + [x] + smaller
    return res[:k]
