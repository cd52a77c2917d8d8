def unique_day(day, possible_birthdays):
    how_often = 0
    for i in possible_birthdays:
        if i[1] == day:
            how_often += 1
    return how_often == 1

def unique_month(month, possible_birthdays):
    how_often = 0
    for i in possible_birthdays:
        if i[0] == month:
            how_often += 1
    return how_often == 1

def contains_unique_day(month, possible_birthdays):
    unique_days = 0
    for i in possible_birthdays:
        if i[0] == month and unique_day(i[1], possible_birthdays):
            unique_days += 1
    return unique_days != 0
