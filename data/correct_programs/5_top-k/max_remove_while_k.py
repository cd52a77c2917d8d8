def top_k(lst, k):
    best = []
    while (k > 0):
        largest = max(lst)
        best.append(largest)
        lst.remove(largest)
        k -= 1
    return best
