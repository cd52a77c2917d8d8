def unique_day(day, possible_birthdays):
    hits = 0
    for i in range(1, len(possible_birthdays) + 1):
        if possible_birthdays[-i][-1] == day:
            hits += 1
    return hits == 1

def unique_month(month, possible_birthdays):
    hits = 0
    for i in range(1, len(possible_birthdays) + 1):
        if possible_birthdays[-i][-2] == month:
            hits += 1
    return hits == 1

def contains_unique_day(month, possible_birthdays):
    for b in possible_birthdays:
        if b[-2] == month:
            if unique_day(b[-1], possible_birthdays):
                return True
    return False
