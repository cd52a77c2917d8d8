def top_k(lst, k):
    for i in range(k):
        pos = i
        for j in range(i + 1, len(lst)):
            if lst[j] > lst[pos]:
                pos = j
        lst[i], lst[pos] = lst[pos], lst[i]
    return lst[:k]
