def all_unique(field, birthdays):
    values = [b[field] for b in birthdays]
    result = []
    for v in values:
        if values.count(v) == 1:
            result.append(v)
    return result

def unique_day(day, possible_birthdays):
    return day in all_unique(1, possible_birthdays)

def unique_month(month, possible_birthdays):
    return month in all_unique(0, possible_birthdays)

def contains_unique_day(month, possible_birthdays):
    for d in all_unique(1, possible_birthdays):
        if (month, d) in possible_birthdays:
            return True
    return False
