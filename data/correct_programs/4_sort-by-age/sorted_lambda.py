def sort_age(lst):
    return sorted(lst, key=lambda person: person[1], reverse=True)
