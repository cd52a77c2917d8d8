def sort_age(lst):
    people = []
    for n in range(len(lst)):
        old = lst[0]
        for p in lst:
            if p[1] >= old[1]:
                old = p
        people.append(old)
        lst.remove(old)
    return people
