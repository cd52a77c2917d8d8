def unique_day(day, possible_birthdays):
    i = 0
    count = 0
    while i < len(possible_birthdays) and count < 2:
        if possible_birthdays[i][1] == day:
            count += 1
        i += 1
    return count == 1

def unique_month(month, possible_birthdays):
    i = 0
    count = 0
    while i < len(possible_birthdays) and count < 2:
        if possible_birthdays[i][0] == month:
            count += 1
        i += 1
    return count == 1

def contains_unique_day(month, possible_birthdays):
    i = 0
    found = False
    while i < len(possible_birthdays) and not found:
        if possible_birthdays[i][0] == month:
            found = unique_day(possible_birthdays[i][1], possible_birthdays)
        i += 1
    return found
