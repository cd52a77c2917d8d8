def remove_extras(lst):
    left = set(lst)
    ordered = []
    for thing in lst:
        if thing in left:
            ordered.append(thing)
            left.remove(thing)
    return ordered
