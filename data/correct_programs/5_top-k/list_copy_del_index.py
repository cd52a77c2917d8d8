def top_k(lst, k):
    rest = list(lst)
    top = []
    for _ in range(k):
        biggest = max(rest)
        del rest[rest.index(biggest)]
        top.append(biggest)
    return top
