def unique_day(day, possible_birthdays):
    found = None
    for b in possible_birthdays:
        if b[1] == day:
            if found is not None:
                return False
            found = b
    return found is not None

def unique_month(month, possible_birthdays):
    found = None
    for b in possible_birthdays:
        if b[0] == month:
            if found is not None:
                return False
            found = b
    return found is not None

def contains_unique_day(month, possible_birthdays):
    found = None
    for b in possible_birthdays:
        if b[0] == month and unique_day(b[1], possible_birthdays):
            found = b
    return found != None
