def unique_day(day, possible_birthdays):
    days = ()
    for b in possible_birthdays:
        days = days + (b[1],)
    return days.count(day) == 1

def unique_month(month, possible_birthdays):
    months = ()
    for b in possible_birthdays:
        months = months + (b[0],)
    return months.count(month) == 1

def contains_unique_day(month, possible_birthdays):
    days = ()
    for b in possible_birthdays:
        if b[0] == month:
            days = days + (b[1],)
    for d in days:
        if unique_day(d, possible_birthdays):
            return True
    return False
