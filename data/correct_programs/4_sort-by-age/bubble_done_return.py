def sort_age(lst):
    for k in range(len(lst)):
        done = True
        for i in range(len(lst) - 1):
            (g1, a1) = lst[i]
            (g2, a2) = lst[i + 1]
            if a2 > a1:
                lst[i] = (g2, a2)
                lst[i + 1] = (g1, a1)
                done = False
        if done:
            return lst
    return lst
