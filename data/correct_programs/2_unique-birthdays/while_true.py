def unique_day(day, possible_birthdays):
    i = 0
    times = 0
    while True:
        if i == len(possible_birthdays):
            return times == 1
        if possible_birthdays[i][1] == day:
            times = times + 1
        i = i + 1

def unique_month(month, possible_birthdays):
    i = 0
    times = 0
    while True:
        if i == len(possible_birthdays):
            return times == 1
        if possible_birthdays[i][0] == month:
            times = times + 1
        i = i + 1

def contains_unique_day(month, possible_birthdays):
    for i in range(len(possible_birthdays)):
        if possible_birthdays[i][0] == month and unique_day(possible_birthdays[i][1], possible_birthdays):
            return True
    return False
