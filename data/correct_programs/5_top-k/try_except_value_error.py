def top_k(lst, k):
    rest = lst[:]
    result = []
    while True:
        try:
            m = max(rest)
        except ValueError:
            return result[:k]
        rest.remove(m)
        result.append(m)
