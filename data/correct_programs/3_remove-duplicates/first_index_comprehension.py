def remove_extras(lst):
    return [v for i, v in enumerate(lst) if lst.index(v) == i]
