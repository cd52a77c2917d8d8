def top_k(lst, k):
    for i in range(len(lst)):
        j = i
        while j > 0 and lst[j] > lst[j-1]:
            lst[j], lst[j-1] = lst[j-1], lst[j]
            j -= 1
    return lst[:k]
