def unique_day(day, possible_birthdays):
    alone = {}
    for b in possible_birthdays:
        if b[1] in alone:
            alone[b[1]] = False
        else:
            alone[b[1]] = True
    return alone.get(day, False)

def unique_month(month, possible_birthdays):
    alone = {}
    for b in possible_birthdays:
        if b[0] in alone:
            alone[b[0]] = False
        else:
            alone[b[0]] = True
    return alone.get(month, False)

def contains_unique_day(month, possible_birthdays):
    for b in possible_birthdays:
        if b[0] == month and unique_day(b[1], possible_birthdays):
            return True
    return False
