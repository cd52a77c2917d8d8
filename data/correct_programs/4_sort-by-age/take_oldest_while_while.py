def sort_age(lst):
    out = []
    while len(lst) > 0:
        i = 0
        oldest = lst[0]
        while i < len(lst):
            if lst[i][1] > oldest[1]:
                oldest = lst[i]
            i = i + 1
        lst.remove(oldest)
        out.append(oldest)
    return out
