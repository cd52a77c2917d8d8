def unique_day(day, possible_birthdays):
    count = 0
    for i in range(len(possible_birthdays) - 1, -1, -1):
        if possible_birthdays[i][1] == day:
            count += 1
    return count == 1

def unique_month(month, possible_birthdays):
    count = 0
    for i in range(len(possible_birthdays) - 1, -1, -1):
        if possible_birthdays[i][0] == month:
            count += 1
    return count == 1

def contains_unique_day(month, possible_birthdays):
    for i in range(len(possible_birthdays) - 1, -1, -1):
        if possible_birthdays[i][0] == month and unique_day(possible_birthdays[i][1], possible_birthdays):
            return True
    return False
