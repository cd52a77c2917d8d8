def unique_day(day, possible_birthdays):
    left = list(possible_birthdays)
    for b in possible_birthdays:
        if b[1] != day:
            left.remove(b)
    return len(left) == 1

def unique_month(month, possible_birthdays):
    left = list(possible_birthdays)
    for b in possible_birthdays:
        if b[0] != month:
            left.remove(b)
    return len(left) == 1

def contains_unique_day(month, possible_birthdays):
    left = list(possible_birthdays)
    for b in possible_birthdays:
        if b[0] != month or not unique_day(b[1], possible_birthdays):
            left.remove(b)
    return len(left) > 0
