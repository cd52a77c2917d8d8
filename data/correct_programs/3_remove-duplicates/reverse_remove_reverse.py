def remove_extras(lst):
    copy = lst[::-1]
    for x in lst:
        while copy.count(x) > 1:
            copy.remove(x)
    copy.reverse()
    return copy
