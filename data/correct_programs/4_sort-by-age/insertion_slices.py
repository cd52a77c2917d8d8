def sort_age(lst):
    ordered = []
    for p in lst:
        older = [q for q in ordered if q[1] > p[1]]
        younger = [q for q in ordered if q[1] < p[1]]
        ordered = older + [p] + younger
    return ordered
