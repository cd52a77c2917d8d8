def sort_age(lst):
    res = []
    for gender, age in lst:
        k = 0
        for person in res:
            if person[1] > age:
                k += 1
        res.insert(k, (gender, age))
    return res
