def count(value, k, lst):
    if lst == ():
        return 0
    return (lst[0][k] == value) + count(value, k, lst[1:])

def unique_day(day, possible_birthdays):
    return count(day, 1, possible_birthdays) == 1

def unique_month(month, possible_birthdays):
    return count(month, 0, possible_birthdays) == 1

def check(month, rest, everything):
    if rest == ():
        return False
    if rest[0][0] == month and unique_day(rest[0][1], everything):
        return True
    return check(month, rest[1:], everything)

def contains_unique_day(month, possible_birthdays):
    return check(month, possible_birthdays, possible_birthdays)
