def unique_day(day, possible_birthdays):
    same_day = [b for b in possible_birthdays if day == b[1]]
    if len(same_day) != 1:
        return False
    return True

def unique_month(month, possible_birthdays):
    same_month = [b for b in possible_birthdays if month == b[0]]
    if len(same_month) != 1:
        return False
    return True

def contains_unique_day(month, possible_birthdays):
    unique = set()
    in_month = set()
    for m, d in possible_birthdays:
        if unique_day(d, possible_birthdays):
            unique.add(d)
        if m == month:
            in_month.add(d)
    return len(unique & in_month) > 0
