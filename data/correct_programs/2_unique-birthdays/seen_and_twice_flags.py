def unique_day(day, possible_birthdays):
    seen = False
    twice = False
    for m, d in possible_birthdays:
        if d == day:
            if seen:
                twice = True
            seen = True
    return seen and not twice

def unique_month(month, possible_birthdays):
    seen = False
    twice = False
    for m, d in possible_birthdays:
        if m == month:
            if seen:
                twice = True
            seen = True
    return seen and not twice

def contains_unique_day(month, possible_birthdays):
    for m, d in possible_birthdays:
        if m == month and unique_day(d, possible_birthdays):
            return True
    return False
