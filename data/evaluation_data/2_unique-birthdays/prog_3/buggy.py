def unique_day(day, possible_birthdays):
    once = False
    for bday in possible_birthdays:
        if bday[1] == day:
            if once:
                return False
            once = True
    return once

def unique_month(month, possible_birthdays):
    once = False
    for bday in possible_birthdays:
        if bday[0] == month:
            if once:
                return False
            once = True
    return True

def contains_unique_day(month, possible_birthdays):
    for bday in possible_birthdays:
        # only days in this month
        if bday[0] != month:
            continue
        if unique_day(bday[1], possible_birthdays):
            return True
    return False
