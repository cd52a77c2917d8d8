def sort_age(lst):
    young_first = sorted(lst, key=lambda x: x[1])
    return young_first[::-1]
