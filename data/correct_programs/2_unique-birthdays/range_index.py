def unique_day(day, possible_birthdays):
    c = 0
    for i in range(len(possible_birthdays)):
        if possible_birthdays[i][1] == day:
            c += 1
    return c == 1

def unique_month(month, possible_birthdays):
    c = 0
    for i in range(len(possible_birthdays)):
        if possible_birthdays[i][0] == month:
            c += 1
    return c == 1

def contains_unique_day(month, possible_birthdays):
    for i in range(len(possible_birthdays)):
        if possible_birthdays[i][0] == month:
            if unique_day(possible_birthdays[i][1], possible_birthdays):
                return True
    return False
