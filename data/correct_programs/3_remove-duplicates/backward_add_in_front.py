def remove_extras(lst):
    new = []
    for i in reversed(range(len(lst))):
        if lst.index(lst[i]) == i:
            new = [lst[i]] + new
    return new
