def unique_day(day, possible_birthdays):
    days = [b[1] for b in possible_birthdays]
    if day in days:
        first = days.index(day)
        return day not in days[first + 1:]
    return False

def unique_month(month, possible_birthdays):
    months = [b[0] for b in possible_birthdays]
    if month in months:
        first = months.index(month)
        return month not in months[first + 1:]
    return False

def contains_unique_day(month, possible_birthdays):
    for b in possible_birthdays:
        if b[0] == month and unique_day(b[1], possible_birthdays):
            return True
    return False
