def remove_extras(lst):
    good = filter(lambda i: lst[i] not in lst[:i], range(len(lst)))
    return [lst[g] for g in good]
