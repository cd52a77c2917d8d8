def top_k(lst, k):
    count = 0
    top = []
    while count != k:
        big = max(lst)
        lst.remove(big)
        top = top + [big]
        count = count + 1
    return top
