def remove_extras(lst):
    had = {}
    ordered = []

    for val in lst:
        if val not in had:
            had[val] = True
            ordered.append(val)

    return ordered
