def unique_day(day, possible_birthdays):
    if possible_birthdays == ():
        return False
    n = 0
    for p in possible_birthdays:
        if p[1] == day:
            n += 1
    return n == 1

def unique_month(month, possible_birthdays):
    if possible_birthdays == ():
        return False
    n = 0
    for p in possible_birthdays:
        if p[0] == month:
            n += 1
    return n == 1

def contains_unique_day(month, possible_birthdays):
    if possible_birthdays == ():
        return False
    for p in possible_birthdays:
        if p[0] == month and unique_day(p[1], possible_birthdays):
            return True
    return False
