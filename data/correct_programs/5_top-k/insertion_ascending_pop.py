def top_k(lst, k):
    up = []
    for x in lst:
        i = 0
        while i < len(up) and up[i] < x:
            i = i + 1
        up.insert(i, x)
    result = []
    for j in range(k):
        result.append(up.pop())
    return result
