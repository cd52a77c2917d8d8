def unique_day(day, possible_birthdays):
    total = 0
    for b in possible_birthdays:
        if b[1] == day:
            total += 1
            if total > 1:
                return False
    else:
        return total == 1

def unique_month(month, possible_birthdays):
    total = 0
    for b in possible_birthdays:
        if b[0] == month:
            total += 1
            if total > 1:
                return False
    else:
        return total == 1

def contains_unique_day(month, possible_birthdays):
    for b in possible_birthdays:
        if b[0] == month and unique_day(b[1], possible_birthdays):
            return True
    else:
        return False
