def index_of_oldest(people, start):
    pos = start
    for i in range(start, len(people)):
        if people[i][1] > people[pos][1]:
            pos = i
    return pos

def sort_age(lst):
    people = lst.copy()
    for i in range(len(people)):
        k = index_of_oldest(people, i)
        people[i], people[k] = people[k], people[i]
    return people
