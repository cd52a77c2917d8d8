def unique_day(day, possible_birthdays):
    if len(possible_birthdays) == 0:
        return False
    months, days = zip(*possible_birthdays)
    return days.count(day) == 1

def unique_month(month, possible_birthdays):
    if len(possible_birthdays) == 0:
        return False
    months, days = zip(*possible_birthdays)
    return months.count(month) == 1

def contains_unique_day(month, possible_birthdays):
    for pair in possible_birthdays:
        if month == pair[0] and unique_day(pair[1], possible_birthdays):
            return True
    return False
