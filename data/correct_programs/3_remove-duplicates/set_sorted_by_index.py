def remove_extras(lst):
    return sorted(set(lst), key=lst.index)
