def remove_extras(lst):
    copy = list(lst)
    to_delete = []
    for idx, val in enumerate(lst):
        if idx > lst.index(val):
            to_delete.append(idx)
    for idx in to_delete[::-1]:
        del copy[idx]
    return copy
