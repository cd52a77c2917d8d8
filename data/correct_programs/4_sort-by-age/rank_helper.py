def count_younger(person, people):
    count = 0
    for other in people:
        if other[1] < person[1]:
            count += 1
    return count

def sort_age(lst):
    new = [None] * len(lst)
    for person in lst:
        new[-1 - count_younger(person, lst)] = person
    return new
