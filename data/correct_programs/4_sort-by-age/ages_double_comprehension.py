def sort_age(lst):
    ages = sorted([p[1] for p in lst], reverse=True)
    return [p for a in ages for p in lst if p[1] == a]
