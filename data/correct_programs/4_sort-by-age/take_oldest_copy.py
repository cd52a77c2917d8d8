def sort_age(lst):
    copy = lst[:]
    result = []
    while copy:
        oldest = copy[0]
        for person in copy:
            if person[1] > oldest[1]:
                oldest = person
        copy.remove(oldest)
        result.append(oldest)
    return result
