def unique_day(day, possible_birthdays):
    return len([p for p in possible_birthdays if p[1] == day]) == 1

def unique_month(month, possible_birthdays):
    return len([p for p in possible_birthdays if p[0] == month]) == 1

def contains_unique_day(month, possible_birthdays):
    return all([unique_day(p[1], possible_birthdays) for p in possible_birthdays if p[0] == month])
