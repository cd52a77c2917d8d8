def unique_day(day, possible_birthdays):
    count = 0
    for b in possible_birthdays:
        if b[1] == day:
            count += 1
    return count == 1

def unique_month(month, possible_birthdays):
    # turn the pairs around, then the month is the "day"
    swapped = []
    for m, d in possible_birthdays:
        swapped.append((d, m))
    return unique_day(month, swapped)

def contains_unique_day(month, possible_birthdays):
    for m, d in possible_birthdays:
        if m == month and unique_day(d, possible_birthdays):
            return True
    return False
