def top_k(lst, k):
    for i in range(k):
        # biggest one goes to place i
        for j in range(len(lst) - 1, i, -1):
            if lst[j] > lst[j - 1]:
                temp = lst[j]
                lst[j] = lst[j - 1]
                lst[j - 1] = temp
    return lst[:k]
