def top_k(lst, k):
    lowest_first = []
    data = lst[:]
    while len(data) > 0:
        s = min(data)
        lowest_first.append(s)
        data.remove(small)
    return lowest_first[-k:]
