def remove_extras(lst):
    d = {x: None for x in lst}
    return list(d)
