def days_of(month, possible_birthdays):
    result = ()
    for birthday in possible_birthdays:
        if birthday[0] == month:
            result += (birthday[1],)
    return result

def unique_day(day, possible_birthdays):
    seen = 0
    for birthday in possible_birthdays:
        if birthday[1] == day:
            seen += 1
    return seen == 1

def unique_month(month, possible_birthdays):
    return len(days_of(month, possible_birthdays)) == 1

def contains_unique_day(month, possible_birthdays):
    for day in days_of(month, possible_birthdays):
        if unique_day(day, possible_birthdays):
            return True
    return False
