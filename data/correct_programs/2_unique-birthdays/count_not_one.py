def unique_day(day, possible_birthdays):

    n = 0
    for x in possible_birthdays:
        if x[1] == day:
            n += 1
        else:
            continue
    if n != 1:
        return False
    return True

def unique_month(month, possible_birthdays):

    n = 0
    for x in possible_birthdays:
        if x[0] == month:
            n += 1
        else:
            continue
    if n != 1:
        return False
    return True

def contains_unique_day(month, possible_birthdays):

    for x in possible_birthdays:
        if x[0] != month:
            continue
        else:
            if unique_day(x[1], possible_birthdays):
                return True
    return False
