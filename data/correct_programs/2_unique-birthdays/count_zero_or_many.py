def unique_day(day, possible_birthdays):
    times = 0
    for b in possible_birthdays:
        if b[1] == day:
            times += 1
    if times > 1 or times == 0:
        return False
    else:
        return True

def unique_month(month, possible_birthdays):
    times = 0
    for b in possible_birthdays:
        if b[0] == month:
            times += 1
    if times > 1 or times == 0:
        return False
    else:
        return True

def contains_unique_day(month, possible_birthdays):
    times = 0
    for b in possible_birthdays:
        if b[0] == month:
            if unique_day(b[1], possible_birthdays):
                times += 1
    if times >= 1:
        return True
    else:
        return False
