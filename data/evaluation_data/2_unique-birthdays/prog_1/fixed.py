def unique_day(day, possible_birthdays):
    remaining = [b[1] for b in possible_birthdays]
    for r in list(remaining):
        if r != day:
            remaining.remove(r)
    return len(remaining) == 1

def unique_month(month, possible_birthdays):
    remaining = []
    for b in possible_birthdays:
        if b[0] == month:
            remaining.append(b[0])
    return len(remaining) == 1

def contains_unique_day(month, possible_birthdays):
    for b in possible_birthdays:
        if b[0] == month and unique_day(b[1], possible_birthdays):
            return True
    return False
