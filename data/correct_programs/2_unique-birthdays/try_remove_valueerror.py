def unique_day(day, possible_birthdays):
    days = []
    for b in possible_birthdays:
        days.append(b[1])
    try:
        days.remove(day)
    except ValueError:
        return False
    return day not in days

def unique_month(month, possible_birthdays):
    months = []
    for b in possible_birthdays:
        months.append(b[0])
    try:
        months.remove(month)
    except ValueError:
        return False
    return month not in months

def contains_unique_day(month, possible_birthdays):
    for b in possible_birthdays:
        if b[0] == month:
            if unique_day(b[1], possible_birthdays):
                return True
    return False
