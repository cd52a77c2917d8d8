def remove_extras(lst):
    if not lst:
        return []
    others = []
    for x in lst[1:]:
        if x != lst[0]:
            others.append(x)
    return [lst[0]] + remove_extras(others)
