def insert(p, people):
    if people == []:
        return [p]
    if p[1] > people[0][1]:
        return [p] + people
    return [people[0]] + insert(p, people[1:])

def sort_age(lst):
    if lst == []:
        return []
    return insert(lst[0], sort_age(lst[1:]))
