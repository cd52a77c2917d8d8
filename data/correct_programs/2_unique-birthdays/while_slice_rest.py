def unique_day(day, possible_birthdays):
    rest = possible_birthdays
    nr = 0
    while len(rest) > 0:
        if rest[0][1] == day:
            nr += 1
        rest = rest[1:]
    return nr == 1

def unique_month(month, possible_birthdays):
    rest = possible_birthdays
    nr = 0
    while len(rest) > 0:
        if rest[0][0] == month:
            nr += 1
        rest = rest[1:]
    return nr == 1

def contains_unique_day(month, possible_birthdays):
    rest = possible_birthdays
    while len(rest) > 0:
        if rest[0][0] == month:
            if unique_day(rest[0][1], possible_birthdays):
                return True
        rest = rest[1:]
    return False
