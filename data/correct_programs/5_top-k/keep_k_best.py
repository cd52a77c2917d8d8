def top_k(lst, k):

    best = []
    for number in lst:
        best.append(number)
        if len(best) > k:
            best.remove(min(best))
    answer = []
    for i in range(len(best)):
        m = max(best)
        answer.append(m)
        best.remove(m)
    return answer
