def top_k(lst, k):
    while len(lst) != k:
        smallest = min(lst)
        lst.pop(lst.index(smallest))
    res = []
    for i in range(k):
        biggest = max(lst)
        lst.remove(biggest)
        res.append(biggest)
    return res
