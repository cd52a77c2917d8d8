def age_of(person):
    return person[1]

def sort_age(lst):
    copy = list(lst)
    copy.sort(key=age_of, reverse=True)
    return copy
