def sort_age(lst):
    gender = {}
    for (g, a) in lst:
        gender[a] = g
    result = []
    for a in sorted(gender, reverse=True):
        result.append((gender[a], a))
    return result
