def top_k(lst, k):
    everything = []
    while len(lst) > 0:
        m = min(lst)
        lst.remove(m)
        everything = [m] + everything
    answer = []
    for i in range(len(everything)):
        if i < k:
            answer.append(everything[i])
    return answer
