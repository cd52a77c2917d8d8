def top_k(lst, k):
    for i in range(len(lst)):
        for j in range(0, len(lst) - 1 - i):
            if lst[j + 1] > lst[j]:
                temp = lst[j]
                lst[j] = lst[j + 1]
                lst[j + 1] = temp
    return lst[0:k]
