def unique_day(day, possible_birthdays):
    pairs = sorted(possible_birthdays, key=lambda b: b[1])
    for i in range(len(pairs)):
        if pairs[i][1] == day:
            if i + 1 < len(pairs) and pairs[i + 1][1] == day:
                return False
            return True
    return False

def unique_month(month, possible_birthdays):
    pairs = sorted(possible_birthdays, key=lambda b: b[0])
    for i in range(len(pairs)):
        if pairs[i][0] == month:
            if i + 1 < len(pairs) and pairs[i + 1][0] == month:
                return False
            return True
    return False

def contains_unique_day(month, possible_birthdays):
    for m, d in possible_birthdays:
        if m == month and unique_day(d, possible_birthdays):
            return True
    return False
