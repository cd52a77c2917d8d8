def count_day(day, birthdays):
    if len(birthdays) == 0:
        return 0
    if birthdays[0][1] == day:
        return 1 + count_day(day, birthdays[1:])
    return count_day(day, birthdays[1:])

def count_month(month, birthdays):
    if len(birthdays) == 0:
        return 0
    if birthdays[0][0] == month:
        return 1 + count_month(month, birthdays[1:])
    return count_month(month, birthdays[1:])

def unique_day(day, possible_birthdays):
    return count_day(day, possible_birthdays) == 1

def unique_month(month, possible_birthdays):
    return count_month(month, possible_birthdays) == 1

def contains_unique_day(month, possible_birthdays):
    for b in possible_birthdays:
        if b[0] == month and unique_day(b[1], possible_birthdays):
            return True
    return False
