def remove_extras(lst):
    rest = lst
    result = []
    while (rest != []):
        first = rest[0]
        result.append(first)
        rest = [r for r in rest if r != first]
    return result
