def sort_age(lst):
    if lst == []:
        return []
    pivot = lst[0]
    older = []
    younger = []
    for p in lst[1:]:
        if p[1] > pivot[1]:
            older.append(p)
        else:
            younger.append(p)
    return sort_age(older) + [pivot] + sort_age(younger)
