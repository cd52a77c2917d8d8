def top_k(lst, k):
    res = []
    rest = lst
    while rest:
        big = max(rest)
        equal = list(filter(lambda n: n == big, rest))
        res.extend(equal)
        rest = list(filter(lambda n: n < big, rest))
    return res[:k]
