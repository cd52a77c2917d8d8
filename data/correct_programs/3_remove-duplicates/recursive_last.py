def remove_extras(lst):
    if lst == []:
        return []
    before = remove_extras(lst[:-1])
    if lst[-1] not in before:
        before.append(lst[-1])
    return before
