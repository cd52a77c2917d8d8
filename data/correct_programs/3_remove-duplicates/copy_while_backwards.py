def remove_extras(lst):
    new = lst.copy()
    index = len(new) - 1
    while index >= 0:
        if new.index(new[index]) != index:
            new.pop(index)
        index = index - 1
    return new
