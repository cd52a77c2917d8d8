def unique_day(day, possible_birthdays):
    return len([1 for b in possible_birthdays if b[1] == day]) == 1

def unique_month(month, possible_birthdays):
    return len([1 for b in possible_birthdays if b[0] == month]) == 1

def contains_unique_day(month, possible_birthdays):
    good_days = [b[1] for b in possible_birthdays if unique_day(b[1], possible_birthdays)]
    return any(b[1] in good_days for b in possible_birthdays if b[0] == month)
