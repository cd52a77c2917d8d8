def unique_day(day, possible_birthdays):
    counts = []
    for m, d in possible_birthdays:
        if d == day:
            counts += [d]
    return 0 < len(counts) < 2

def unique_month(month, possible_birthdays):
    counts = []
    for m, d in possible_birthdays:
        if m == month:
            counts += [m]
    return 0 < len(counts) < 2

def contains_unique_day(month, possible_birthdays):
    days = []
    for m, d in possible_birthdays:
        if m == month:
            days += [d]
    i = 0
    while i < len(days):
        if unique_day(days[i], possible_birthdays):
            return True
        i += 1
    return False
