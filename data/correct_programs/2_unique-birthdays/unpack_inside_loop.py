def unique_day(day, possible_birthdays):
    counter = 0
    for i in range(len(possible_birthdays)):
        m, d = possible_birthdays[i]
        if d == day:
            counter += 1
    if counter == 1:
        return True
    return False

def unique_month(month, possible_birthdays):
    counter = 0
    for i in range(len(possible_birthdays)):
        m, d = possible_birthdays[i]
        if m == month:
            counter += 1
    if counter == 1:
        return True
    return False

def contains_unique_day(month, possible_birthdays):
    for i in range(len(possible_birthdays)):
        m, d = possible_birthdays[i]
        if m == month and unique_day(d, possible_birthdays):
            return True
    return False
