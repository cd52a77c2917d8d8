def sort_age(lst):
    if len(lst) <= 1:
        return lst
    first = lst[0]
    old = [p for p in lst if p[1] > first[1]]
    young = [p for p in lst if p[1] < first[1]]
    return sort_age(old) + [first] + sort_age(young)
