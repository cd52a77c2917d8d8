def unique_day(day, possible_birthdays):
    count = 0
    for birthday in possible_birthdays:
        current_day = birthday[1]
        if current_day == day:
            count = count + 1
    return count == 1

def unique_month(month, possible_birthdays):
    count = 0
    for birthday in possible_birthdays:
        current_month = birthday[0]
        if current_month == month:
            count = count + 1
    return count == 1

def contains_unique_day(month, possible_birthdays):
    for birthday in possible_birthdays:
        current_month = birthday[0]
        current_day = birthday[1]
        if current_month == month:
            if unique_day(current_day, possible_birthdays):
                return True
    return False
