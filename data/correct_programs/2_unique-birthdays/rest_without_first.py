def unique_day(day, possible_birthdays):
    days = [b[1] for b in possible_birthdays]
    if day not in days:
        return False
    days.remove(day)
    return day not in days

def unique_month(month, possible_birthdays):
    months = [b[0] for b in possible_birthdays]
    if month not in months:
        return False
    months.remove(month)
    return month not in months

def contains_unique_day(month, possible_birthdays):
    for m, d in possible_birthdays:
        if m == month:
            if unique_day(d, possible_birthdays):
                return True
    return False
