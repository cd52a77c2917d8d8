def unique_day(day, possible_birthdays):
    number = {day: 0}
    for pair in possible_birthdays:
        if pair[1] in number:
            number[pair[1]] += 1
    return number[day] == 1

def unique_month(month, possible_birthdays):
    number = {month: 0}
    for pair in possible_birthdays:
        if pair[0] in number:
            number[pair[0]] += 1
    return number[month] == 1

def contains_unique_day(month, possible_birthdays):
    number = {}
    for pair in possible_birthdays:
        number[pair[1]] = 0
    for pair in possible_birthdays:
        number[pair[1]] += 1
    for pair in possible_birthdays:
        if pair[0] == month and number[pair[1]] == 1:
            return True
    return False
