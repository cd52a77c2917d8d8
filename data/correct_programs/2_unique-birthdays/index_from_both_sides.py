def unique_day(day, possible_birthdays):
    days = []
    for b in possible_birthdays:
        days.append(b[1])
    if day not in days:
        return False
    back = days[::-1]
    return days.index(day) + back.index(day) == len(days) - 1

def unique_month(month, possible_birthdays):
    months = []
    for b in possible_birthdays:
        months.append(b[0])
    if month not in months:
        return False
    back = months[::-1]
    return months.index(month) + back.index(month) == len(months) - 1

def contains_unique_day(month, possible_birthdays):
    for b in possible_birthdays:
        if b[0] == month and unique_day(b[1], possible_birthdays):
            return True
    return False
