def find_oldest(people):
    oldest = people[0]
    for p in people:
        if p[1] > oldest[1]:
            oldest = p
    return oldest

def sort_age(lst):
    new_lst = []
    while lst:
        o = find_oldest(lst)
        new_lst.append(o)
        lst.remove(o)
    return new_lst
