def unique_day(day, possible_birthdays):
    if not possible_birthdays:
        return False
    rest = possible_birthdays[1:]
    if possible_birthdays[0][1] == day:
        return day not in [b[1] for b in rest]
    return unique_day(day, rest)

def unique_month(month, possible_birthdays):
    if not possible_birthdays:
        return False
    rest = possible_birthdays[1:]
    if possible_birthdays[0][0] == month:
        return month not in [b[0] for b in rest]
    return unique_month(month, rest)

def contains_unique_day(month, possible_birthdays):
    for b in possible_birthdays:
        if b[0] == month and unique_day(b[1], possible_birthdays):
            return True
    return False
