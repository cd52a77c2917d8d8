def remove_extras(lst):
    """Goes over the list, and deletes the last occurrence while there are many."""
    res = list(reversed(lst))
    for v in lst:
        times = res.count(v)
        for k in range(times - 1):
            res.remove(v)
    return res[::-1]
