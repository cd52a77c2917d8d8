def unique_day(day, possible_birthdays):
    total = 0
    for month, d in possible_birthdays:
        total += (d == day)
    return total == 1

def unique_month(month, possible_birthdays):
    total = 0
    for m, day in possible_birthdays:
        total += (m == month)
    return total == 1

def contains_unique_day(month, possible_birthdays):
    total = 0
    for m, day in possible_birthdays:
        total += (m == month and unique_day(day, possible_birthdays))
    return total > 0
