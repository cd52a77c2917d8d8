def unique_day(day, possible_birthdays):
    seen = 0
    for entry in possible_birthdays:
        if entry[1] == day:
            seen += 1
    if seen == 1: return True
    return False

def unique_month(month, possible_birthdays):
    seen = 0
    for entry in possible_birthdays:
        if entry[0] == month:
            seen += 1
    if seen == 1: return True
    return False

def contains_unique_day(month, possible_birthdays):
    ok = False
    for entry in possible_birthdays:
        if entry[0] == month:
            ok = ok or unique_day(entry[1], possible_birthdays)
    return ok
