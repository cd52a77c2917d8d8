def insert_down(res, x):
    if len(res) == 0:
        res.append(x)
    elif x >= res[0]:
        res.insert(0, x)
    elif x <= res[-1]:
        res.append(x)
    else:
        i = 0
        while res[i] > x:
            i += 1
        res.insert(i, x)

def top_k(lst, k):
    res = []
    for x in lst:
        insert_down(res, x)
    return res[:k]
