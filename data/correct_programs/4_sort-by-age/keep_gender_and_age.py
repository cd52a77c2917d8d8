def sort_age(lst):
    new = []
    while lst:
        gender = lst[0][0]
        age = lst[0][1]
        for person in lst:
            if person[1] > age:
                gender = person[0]
                age = person[1]
        new.append((gender,age))
        lst.remove((gender, age))
    return new
