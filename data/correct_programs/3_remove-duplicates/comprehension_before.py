def remove_extras(lst):
    return [lst[k] for k in range(len(lst)) if lst[k] not in lst[:k]]
