def unique_day(day, possible_birthdays):
    result = False
    for date in possible_birthdays:
        if date[1] == day and result == False:
            result = True
        elif date[1] == day:
            result = False
            break
    return result

def unique_month(month, possible_birthdays):
    result = False
    for date in possible_birthdays:
        if date[0] == month and result == False:
            result = True
        elif date[0] == month:
            result = False
            break
    return result

def contains_unique_day(month, possible_birthdays):
    result = False
    for date in possible_birthdays:
        if date[0] == month and unique_day(date[1], possible_birthdays):
            result = True
            break
    return result
