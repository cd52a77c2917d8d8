def remove_extras(lst):
    values = list(set(lst))
    values.sort(key=lambda v: lst.index(v))
    return values
