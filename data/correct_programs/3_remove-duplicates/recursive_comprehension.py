def remove_extras(lst):
    if len(lst) == 0:
        return []
    head = lst[0]
    return [head] + remove_extras([y for y in lst[1:] if y != head])
