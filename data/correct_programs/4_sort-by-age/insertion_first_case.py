def sort_age(lst):
    if len(lst) == 0:
        return []
    new = [lst[0]]
    for p in lst[1:]:
        if p[1] > new[0][1]:
            new.insert(0, p)
        elif p[1] < new[-1][1]:
            new.append(p)
        else:
            i = 0
            while new[i][1] > p[1]:
                i += 1
            new.insert(i, p)
    return new
