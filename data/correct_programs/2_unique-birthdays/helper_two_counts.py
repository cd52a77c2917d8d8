def count_days(day, possible_birthdays):
    count = 0
    for b in possible_birthdays:
        if b[1] == day:
            count += 1
    return count

def count_months(month, possible_birthdays):
    count = 0
    for b in possible_birthdays:
        if b[0] == month:
            count += 1
    return count

def unique_day(day, possible_birthdays):
    if count_days(day, possible_birthdays) == 1:
        return True
    else:
        return False

def unique_month(month, possible_birthdays):
    if count_months(month, possible_birthdays) == 1:
        return True
    else:
        return False

def contains_unique_day(month, possible_birthdays):
    days = []
    for b in possible_birthdays:
        if b[0] == month:
            days.append(b[1])
    for d in days:
        if count_days(d, possible_birthdays) == 1:
            return True
    return False
