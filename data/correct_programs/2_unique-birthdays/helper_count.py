def how_many(value, field, possible_birthdays):
    n = 0
    for b in possible_birthdays:
        if b[field] == value:
            n += 1
    return n

def unique_day(day, possible_birthdays):
    return how_many(day, 1, possible_birthdays) == 1

def unique_month(month, possible_birthdays):
    return how_many(month, 0, possible_birthdays) == 1

def contains_unique_day(month, possible_birthdays):
    for b in possible_birthdays:
        if b[0] == month and unique_day(b[1], possible_birthdays):
            return True
    return False
