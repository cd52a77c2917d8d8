def sort_age(lst):
    out = []
    for p in lst:
        for q in out:
            if q[1] < p[1]:
                out.insert(out.index(q), p)
                break
        else:
            out.append(p)
    return out
