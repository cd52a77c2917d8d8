def unique_day(day, possible_birthdays):
    others = 0
    for b in possible_birthdays:
        if b[1] != day:
            others += 1
    return len(possible_birthdays) - others == 1

def unique_month(month, possible_birthdays):
    others = 0
    for b in possible_birthdays:
        if b[0] != month:
            others += 1
    return len(possible_birthdays) - others == 1

def contains_unique_day(month, possible_birthdays):
    for b in possible_birthdays:
        if unique_day(b[1], possible_birthdays) and b[0] == month:
            return True
    return False
