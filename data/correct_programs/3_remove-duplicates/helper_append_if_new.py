def append_if_new(lst, x):
    if x not in lst:
        lst.append(x)

def remove_extras(lst):
    result = []
    for x in lst:
        append_if_new(result, x)
    return result
