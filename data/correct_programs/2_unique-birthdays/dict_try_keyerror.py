def unique_day(day, possible_birthdays):
    counts = {}
    for m, d in possible_birthdays:
        try:
            counts[d] += 1
        except KeyError:
            counts[d] = 1
    return counts.get(day) == 1

def unique_month(month, possible_birthdays):
    counts = {}
    for m, d in possible_birthdays:
        try:
            counts[m] += 1
        except KeyError:
            counts[m] = 1
    return counts.get(month) == 1

def contains_unique_day(month, possible_birthdays):
    for m, d in possible_birthdays:
        if m == month and unique_day(d, possible_birthdays):
            return True
    return False
