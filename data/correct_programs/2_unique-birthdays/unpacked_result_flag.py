def unique_day(day, possible_birthdays):
    total = 0
    for (mon, d) in possible_birthdays:
        if day == d:
            total = total + 1
    return total == 1

def unique_month(month, possible_birthdays):
    total = 0
    for (mon, d) in possible_birthdays:
        if month == mon:
            total = total + 1
    return total == 1

def contains_unique_day(month, possible_birthdays):
    result = False
    for (mon, d) in possible_birthdays:
        if month == mon:
            if unique_day(d, possible_birthdays):
                result = True
    return result
