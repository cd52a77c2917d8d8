def contains(values, target):
    for v in values:
        if v == target:
            return True
    return False

def remove_extras(lst):
    unique = []
    for v in lst:
        if contains(unique,v) == False:
            unique.append(v)
    return unique
