def sort_age(lst):
    result = []
    while lst:
        max_age = -1
        for person in lst:
            if person[1] > max_age:
                max_age = person[1]
                oldest = person
        result.append(oldest)
        lst.remove(oldest)
    return result
