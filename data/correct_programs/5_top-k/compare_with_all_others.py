def top_k(lst, k):
    res = []
    while len(res) < k:
        for x in lst:
            is_biggest = True
            for y in lst:
                if y > x:
                    is_biggest = False
            if is_biggest == True:
                res.append(x)
                lst.remove(x)
                break
    return res
