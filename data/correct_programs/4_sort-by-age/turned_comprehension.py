def sort_age(lst):
    flipped = [(p[1], p[0]) for p in lst]
    flipped = sorted(flipped)
    flipped.reverse()
    return [(x[1], x[0]) for x in flipped]
