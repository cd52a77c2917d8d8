def unique_day(day, possible_birthdays):
    found = []
    for b in possible_birthdays:
        if b[1] == day and b[1] in found:
            return False
        found.append(b[1])
    return day in found

def unique_month(month, possible_birthdays):
    found = []
    for b in possible_birthdays:
        if b[0] == month and b[0] in found:
            return False
        found.append(b[0])
    return month in found

def contains_unique_day(month, possible_birthdays):
    for b in possible_birthdays:
        if b[0] == month and unique_day(b[1], possible_birthdays) == True:
            return True
    return False
