def remove_extras(lst):
    counts = {}
    for x in lst:
        if x in counts:
            counts[x] += 1
        else:
            counts[x] = 1
    return [key for key in counts]
