def unique_day(day, possible_birthdays):
    amount = 0
    for person in possible_birthdays:
        if person[1] == day:
            amount += 1
    is_unique = amount == 1
    return is_unique

def unique_month(month, possible_birthdays):
    amount = 0
    for person in possible_birthdays:
        if person[0] == month:
            amount += 1
    is_unique = amount == 1
    return is_unique

def contains_unique_day(month, possible_birthdays):
    for person in possible_birthdays:
        day_is_unique = unique_day(person[1], possible_birthdays)
        if person[0] == month and day_is_unique:
            return True
    return False
