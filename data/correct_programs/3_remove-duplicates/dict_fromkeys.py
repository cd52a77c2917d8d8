def remove_extras(lst):
    return list(dict.fromkeys(lst))
