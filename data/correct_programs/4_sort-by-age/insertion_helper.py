def insert_person(person, people):
    for i in range(len(people)):
        if person[1] > people[i][1]:
            people.insert(i, person)
            return people
    people.append(person)
    return people

def sort_age(lst):
    result = []
    for person in lst:
        result = insert_person(person, result)
    return result
