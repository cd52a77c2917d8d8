def sort_age(lst):
    lst.sort(key = lambda t: t[1], reverse = True)
    return lst
