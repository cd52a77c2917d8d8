def sort_age(lst):
    new = []
    for person in lst:
        pos = 0
        while pos < len(new) and new[pos][1] > person[1]:
            pos += 1
        new.insert(pos, person)
    return new
