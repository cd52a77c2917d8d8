def top_k(lst, k):
    used = []
    result = []
    for turn in range(k):
        where = None
        for i in range(len(lst)):
            if i not in used and (where == None or lst[i] > lst[where]):
                where = i
        used.append(where)
        result.append(lst[where])
    return result
