def top_k(lst, k):
    top = []
    if k == 0:
        return top
    current = max(lst)
    while True:
        for x in lst:
            if x == current:
                top.append(x)
                if len(top) == k:
                    return top
        current = current - 1
