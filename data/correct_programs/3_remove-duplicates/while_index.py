def remove_extras(lst):
    once = []
    i = 0

    while i < len(lst):
        if lst[i] not in once:
            once.append(lst[i])
        i += 1

    return once
