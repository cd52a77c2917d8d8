def unique_day(day, possible_birthdays):
    days = []
    for pair in possible_birthdays:
        days.append(pair[1])
    if days.count(day) == 1:
        return True
    else:
        return False

def unique_month(month, possible_birthdays):
    months = []
    for pair in possible_birthdays:
        months.append(pair[0])
    if months.count(month) == 1:
        return True
    else:
        return False

def contains_unique_day(month, possible_birthdays):
    for pair in possible_birthdays:
        if pair[0] == month:
            if unique_day(pair[1], possible_birthdays):
                return True
    return False
