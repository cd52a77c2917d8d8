def sort_age(lst):

    ages = [p[1] for p in lst]
    new = []
    while ages:
        m = max(ages)
        ages.remove(m)
        for p in lst:
            if p[1] == m:
                new += [p]
    return new
