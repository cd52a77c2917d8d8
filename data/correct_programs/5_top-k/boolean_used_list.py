def top_k(lst, k):
    taken = [False] * len(lst)
    top = []
    for t in range(k):
        pos = -1
        for i in range(len(lst)):
            if taken[i] == False:
                if pos == -1 or lst[i] > lst[pos]:
                    pos = i
        taken[pos] = True
        top.append(lst[pos])
    return top
