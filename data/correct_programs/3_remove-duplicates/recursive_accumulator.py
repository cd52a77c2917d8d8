def remove_extras(lst, acc=None):
    if acc is None:
        acc = []
    if len(lst) == 0:
        return acc
    if lst[0] in acc:
        return remove_extras(lst[1:], acc)
    return remove_extras(lst[1:], acc + [lst[0]])
