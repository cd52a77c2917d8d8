def sort_age(lst):
    res = []
    while len(lst) > 0:
        oldest = None
        for p in lst:
            if oldest is None or p[1] > oldest[1]:
                oldest = p
        res.append(oldest)
        lst.remove(oldest)
    return res
