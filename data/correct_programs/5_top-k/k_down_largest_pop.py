def top_k(lst, k):
    result = []
    while k > 0:
        best = 0
        i = 1
        while i < len(lst):
            if lst[i] > lst[best]:
                best = i
            i += 1
        result.append(lst.pop(best))
        k = k - 1
    return result
