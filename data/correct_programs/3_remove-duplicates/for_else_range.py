def remove_extras(lst):
    unique = []
    for i in range(len(lst)):
        for j in range(i):
            if lst[i] == lst[j]:
                break
        else:
            unique = unique + [lst[i]]
    return unique
