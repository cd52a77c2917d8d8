def sort_age(lst):

    out = []
    for i in range(len(lst)):
        top = max(lst, key=lambda p: p[1])
        out.append(top)
        lst.remove(top)
    return out
