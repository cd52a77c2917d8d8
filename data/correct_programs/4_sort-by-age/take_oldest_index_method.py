def sort_age(lst):
    ordered = []
    size = len(lst)
    while len(ordered) < size:
        biggest = lst[0]
        for x in lst:
            if x[1] > biggest[1]:
                biggest = x
        where = lst.index(biggest)
        ordered.append(biggest)
        del lst[where]
    return ordered
