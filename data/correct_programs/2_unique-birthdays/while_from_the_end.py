def unique_day(day, possible_birthdays):
    k = len(possible_birthdays)
    count = 0
    while k > 0:
        k -= 1
        if possible_birthdays[k][1] == day:
            count += 1
    return count == 1

def unique_month(month, possible_birthdays):
    k = len(possible_birthdays)
    count = 0
    while k > 0:
        k -= 1
        if possible_birthdays[k][0] == month:
            count += 1
    return count == 1

def contains_unique_day(month, possible_birthdays):
    k = len(possible_birthdays)
    while k > 0:
        k -= 1
        m, d = possible_birthdays[k]
        if m == month and unique_day(d, possible_birthdays):
            return True
    return False
