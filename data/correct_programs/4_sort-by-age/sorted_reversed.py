def sort_age(lst):
    ordered = sorted(lst, key=lambda p: p[1])
    return list(reversed(ordered))
