def sort_age(lst):
    # the people that are not in new yet, always the oldest of them
    new = []
    for i in range(len(lst)):
        oldest = ('', -1)
        for person in lst:
            if person not in new and person[1] > oldest[1]:
                oldest = person
        new.append(oldest)
    return new
