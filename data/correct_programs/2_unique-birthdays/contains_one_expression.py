def unique_day(day, possible_birthdays):
    return tuple(p[1] for p in possible_birthdays).count(day) == 1

def unique_month(month, possible_birthdays):
    return tuple(p[0] for p in possible_birthdays).count(month) == 1

def contains_unique_day(month, possible_birthdays):
    return True in [unique_day(p[1], possible_birthdays) for p in possible_birthdays if p[0] == month]
