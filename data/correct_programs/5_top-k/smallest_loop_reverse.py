def top_k(lst, k):
    s = []
    while lst:
        smallest = lst[0]
        for e in lst:
            if e < smallest:
                smallest = e
        lst.remove(smallest)
        s.append(smallest)
    s.reverse()
    return s[:k]
