def unique_day(day, possible_birthdays):
    count = 0
    for birthday in possible_birthdays:
        if birthday[1] == day:
            count += 1
    return count == 1

def unique_month(month, possible_birthdays):
    count = 0
    for birthday in possible_birthdays:
        if birthday[0] == month:
            count += 1
    return count == 1

def contains_unique_day(month, possible_birthdays):
    # first all birthdays with a unique day, then their months
    months = []
    for birthday in possible_birthdays:
        if unique_day(birthday[1], possible_birthdays):
            months.append(birthday[0])
    return month in months
