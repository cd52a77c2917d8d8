def sort_age(lst):
    by_age = {}
    for person in lst:
        by_age[person[1]] = person
    answer = []
    while by_age:
        answer.append(by_age.pop(max(by_age)))
    return answer
