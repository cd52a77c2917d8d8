def unique_day(day, possible_birthdays):
    days = list(map(lambda x: x[1], possible_birthdays))
    return days.count(day) == 1

def unique_month(month, possible_birthdays):
    months = list(map(lambda x: x[0], possible_birthdays))
    return months.count(month) == 1

def contains_unique_day(month, possible_birthdays):
    mine = filter(lambda x: x[0] == month, possible_birthdays)
    return True in list(map(lambda x: unique_day(x[1], possible_birthdays), mine))
