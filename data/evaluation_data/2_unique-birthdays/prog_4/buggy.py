def unique_day(day, possible_birthdays):
    result = 0
    for i in range(1, len(possible_birthdays)):
        if possible_birthdays[i][1] == day:
            result = result + 1
    return result == 1

def unique_month(month, possible_birthdays):
    result = 0
    for i in range(0, len(possible_birthdays)):
        if possible_birthdays[i][0] == month:
            result = result + 1
    return result == 1

def contains_unique_day(month, possible_birthdays):
    result = 0
    for i in range(0, len(possible_birthdays)):
        if possible_birthdays[i][0] == month:
            if unique_day(possible_birthdays[i][1], possible_birthdays):
                result = result + 1
    return result > 1
