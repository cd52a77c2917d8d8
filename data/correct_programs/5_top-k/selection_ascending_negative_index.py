def top_k(lst, k):
    n = len(lst)
    for i in range(n):
        small = i
        for j in range(i, n):
            if lst[j] < lst[small]:
                small = j
        lst[i], lst[small] = lst[small], lst[i]
    result = []
    for i in range(1, k + 1):
        result.append(lst[-i])
    return result
