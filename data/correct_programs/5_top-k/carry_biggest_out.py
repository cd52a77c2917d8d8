def top_k(lst, k):
    answer = []
    for turn in range(k):
        biggest = lst[0]
        left = []
        for x in lst[1:]:
            if x > biggest:
                left.append(biggest)
                biggest = x
            else:
                left.append(x)
        answer.append(biggest)
        lst = left
    return answer
