def top_k(lst, k):
    r = []
    for i in range(0, k):
        place = lst.index(max(lst))
        r.append(lst.pop(place))
    return r
