def sort_age(lst):
    highest = 0
    for person in lst:
        if person[1] > highest:
            highest = person[1]
    slots = [None] * (highest + 1)
    for person in lst:
        slots[person[1]] = person
    res = []
    for s in slots:
        if s is not None:
            res = [s] + res
    return res
