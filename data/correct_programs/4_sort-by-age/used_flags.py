def sort_age(lst):
    used = [False] * len(lst)
    result = []
    for k in range(len(lst)):
        best = -1
        for i in range(len(lst)):
            if used[i] == False:
                if best == -1 or lst[i][1] > lst[best][1]:
                    best = i
        used[best] = True
        result.append(lst[best])
    return result
