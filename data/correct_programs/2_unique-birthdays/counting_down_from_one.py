def unique_day(day, possible_birthdays):
    missing = 1
    for b in possible_birthdays:
        if b[1] == day:
            missing -= 1
    return missing == 0

def unique_month(month, possible_birthdays):
    missing = 1
    for b in possible_birthdays:
        if b[0] == month:
            missing -= 1
    return missing == 0

def contains_unique_day(month, possible_birthdays):
    yes = False
    for b in possible_birthdays:
        if unique_day(b[1], possible_birthdays):
            if b[0] == month:
                yes = True
    return yes
