def sort_age(lst):
    answer = []
    while lst:
        m = 0
        for i in range(1, len(lst)):
            if lst[i][1] > lst[m][1]:
                m = i
        answer.append(lst.pop(m))
    return answer
