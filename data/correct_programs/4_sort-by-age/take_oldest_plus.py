def sort_age(lst):
    new = []
    while len(lst) > 0:
        big = lst[0]
        for i in lst[1:]:
            if big[1] < i[1]:
                big = i
        new = new + [big]
        lst.remove(big)
    return new
