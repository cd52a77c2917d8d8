def unique_day(day, possible_birthdays):
    return sum(1 for b in possible_birthdays if b[1] == day) == 1

def unique_month(month, possible_birthdays):
    return sum(1 for b in possible_birthdays if b[0] == month) == 1

def contains_unique_day(month, possible_birthdays):
    return any(unique_day(d, possible_birthdays) for m, d in possible_birthdays if m == month)
