def unique_day(day, possible_birthdays):
    x = 0
    for pair in possible_birthdays:
        if pair[1] == day:
            x += 1
    return x == 1

def unique_month(month, possible_birthdays):
    x = 0
    for pair in possible_birthdays:
        if pair[0] == month:
            x += 1
    return x == 1

def contains_unique_day(month, possible_birthdays):
    here = []
    elsewhere = []
    for pair in possible_birthdays:
        if pair[0] == month:
            here.append(pair[1])
        else:
            elsewhere.append(pair[1])
    for day in here:
        if here.count(day) == 1 and day not in elsewhere:
            return True
    return False
