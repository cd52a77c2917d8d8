def top_k(lst, k):
    for i in range(1, len(lst)):
        x = lst[i]
        j = i - 1
        while j >= 0 and lst[j] < x:
            lst[j + 1] = lst[j]
            j -= 1
        lst[j + 1] = x
    return lst[:k]
