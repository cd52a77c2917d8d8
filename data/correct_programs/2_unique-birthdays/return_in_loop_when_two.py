def unique_day(day, possible_birthdays):
    counter = 0
    for bday in possible_birthdays:
        if bday[1] == day:
            counter += 1
        if counter > 1:
            return False
    return counter == 1

def unique_month(month, possible_birthdays):
    counter = 0
    for bday in possible_birthdays:
        if bday[0] == month:
            counter += 1
        if counter > 1:
            return False
    return counter == 1

def contains_unique_day(month, possible_birthdays):
    for bday in possible_birthdays:
        if bday[0] == month:
            if not unique_day(bday[1], possible_birthdays):
                continue
            return True
    return False
