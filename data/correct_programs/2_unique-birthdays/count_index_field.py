def unique_day(day, possible_birthdays):
    times = 0
    for pair in possible_birthdays:
        if pair[1] == day:
            times += 1
    return times == 1

def unique_month(month, possible_birthdays):
    times = 0
    for pair in possible_birthdays:
        if pair[0] == month:
            times += 1
    return times == 1

def contains_unique_day(month, possible_birthdays):
    for pair in possible_birthdays:
        if pair[0] == month and unique_day(pair[1], possible_birthdays):
            return True
    return False
