def unique_day(day, possible_birthdays):
    c = 0
    for b in possible_birthdays:
        if b[1] == day:
            c += 1
    return True if c == 1 else False

def unique_month(month, possible_birthdays):
    c = 0
    for b in possible_birthdays:
        if b[0] == month:
            c += 1
    return True if c == 1 else False

def contains_unique_day(month, possible_birthdays):
    for b in possible_birthdays:
        if b[0] != month:
            continue
        if unique_day(b[1], possible_birthdays):
            return True
    return False
