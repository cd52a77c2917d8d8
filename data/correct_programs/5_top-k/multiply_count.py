def top_k(lst, k):
    different = []
    for x in lst:
        if x not in different:
            different.append(x)
    answer = []
    while different != []:
        m = max(different)
        answer += [m] * lst.count(m)
        different.remove(m)
    return answer[:k]
