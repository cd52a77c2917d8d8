def top_k(lst, k):
    answer = []
    for n in range(k):
        pos = 0
        for i in range (1, len (lst)):
            if lst[i] > lst[pos]:
                pos = i
        answer.append(lst[pos])
        lst.pop(pos)
    return answer
