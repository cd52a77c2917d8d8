def remove_extras(lst):
    result = []
    for x in lst:
        try:
            result.index(x)
        except ValueError:
            result.append(x)
    return result
