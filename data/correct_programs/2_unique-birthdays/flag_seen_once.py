def unique_day(day, possible_birthdays):
    unique = False
    for b in possible_birthdays:
        if b[1] == day:
            if unique == True:
                return False
            unique = True
    return unique

def unique_month(month, possible_birthdays):
    unique = False
    for b in possible_birthdays:
        if b[0] == month:
            if unique == True:
                return False
            unique = True
    return unique

def contains_unique_day(month, possible_birthdays):
    for b in possible_birthdays:
        if b[0] == month and unique_day(b[1], possible_birthdays):
            return True
    return False
