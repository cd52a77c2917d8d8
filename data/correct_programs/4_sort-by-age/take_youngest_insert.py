def sort_age(lst):
    res = []
    while lst:
        youngest = lst[0]
        for person in lst:
            if youngest[1] > person[1]:
                youngest = person
        res.insert(0, youngest)
        lst.remove(youngest)
    return res
