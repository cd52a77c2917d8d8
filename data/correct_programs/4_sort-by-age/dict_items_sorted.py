def sort_age(lst):
    ages = {}
    for person in lst:
        ages[person[1]] = person
    res = []
    for age, person in sorted(ages.items()):
        res.insert(0, person)
    return res
