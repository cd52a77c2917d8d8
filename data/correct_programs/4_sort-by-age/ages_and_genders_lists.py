def sort_age(lst):
    genders = []
    ages = []
    for person in lst:
        genders.append(person[0])
        ages.append(person[1])
    result = []
    while len(ages) > 0:
        i = ages.index(max(ages))
        result.append((genders[i], ages[i]))
        genders.pop(i)
        ages.pop(i)
    return result
