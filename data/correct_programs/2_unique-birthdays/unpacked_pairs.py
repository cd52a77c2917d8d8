def unique_day(day, possible_birthdays):
    number = 0
    for m, d in possible_birthdays:
        if d == day:
            number += 1
    return number == 1

def unique_month(month, possible_birthdays):
    number = 0
    for m, d in possible_birthdays:
        if m == month:
            number += 1
    return number == 1

def contains_unique_day(month, possible_birthdays):
    for m, d in possible_birthdays:
        if m == month and unique_day(d, possible_birthdays):
            return True
    return False
