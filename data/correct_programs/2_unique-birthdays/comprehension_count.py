def unique_day(day, possible_birthdays):
    return [b[1] for b in possible_birthdays].count(day) == 1

def unique_month(month, possible_birthdays):
    return [b[0] for b in possible_birthdays].count(month) == 1

def contains_unique_day(month, possible_birthdays):
    days = [b[1] for b in possible_birthdays if b[0] == month]
    for d in days:
        if unique_day(d, possible_birthdays):
            return True
    return False
