def sort_age(lst):
    people = {}
    for i in range(len(lst)):
        people[lst[i][1]] = lst[i][0]
    keys = list(people.keys())
    keys.sort()
    result = []
    for k in keys[::-1]:
        result = result + [(people[k], k)]
    return result
