def sort_age(lst):
    def get_age(person):
        gender, age = person
        return age
    lst.sort(key=get_age, reverse=True)
    return lst
