def top_k(lst, k):
    res = []
    for i in range(k):
        highest = float('-inf')
        for number in lst:
            if number > highest:
                highest = number
        res.append(highest)
        lst.remove(highest)
    return res
