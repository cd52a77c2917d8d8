def unique_day(day, possible_birthdays):
    days = [d for m, d in possible_birthdays]
    return days.count(day) == 1

def unique_month(month, possible_birthdays):
    months = [m for m, d in possible_birthdays]
    return months.count(month) == 1

def contains_unique_day(month, possible_birthdays):
    days = [d for m, d in possible_birthdays]
    for i in range(len(possible_birthdays)):
        others = days[:i] + days[i+1:]
        if possible_birthdays[i][0] == month and days[i] not in others:
            return True
    return False
