def sort_age(lst):
    if len(lst) == 0:
        return []
    else:
        new = []
        for p in lst:
            new.append(p)
        new.sort(reverse=True, key=lambda a: a[1])
        return new
