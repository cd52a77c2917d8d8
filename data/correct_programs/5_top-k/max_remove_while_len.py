def top_k(lst, k):

    new = []
    while len(new) < k:
        new.append(max(lst))
        lst.remove(max(lst))
    return new
