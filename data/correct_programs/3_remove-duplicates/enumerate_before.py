def remove_extras(lst):
    kept = []
    for i, v in enumerate(lst):
        if v not in lst[:i]:
            kept.append(v)
    return kept
