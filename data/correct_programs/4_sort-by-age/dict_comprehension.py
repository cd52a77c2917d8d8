def sort_age(lst):
    d = {p[1]: p for p in lst}
    return [d[age] for age in sorted(d, reverse=True)]
