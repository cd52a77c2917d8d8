def is_unique(x, lst):
    # x is exactly once in lst
    return lst.count(x) == 1

def unique_day(day, possible_birthdays):
    days = []
    for i in possible_birthdays:
        days.append(i[1])
    return is_unique(day, days)

def unique_month(month, possible_birthdays):
    months = []
    for i in possible_birthdays:
        months.append(i[0])
    return is_unique(month, months)

def contains_unique_day(month, possible_birthdays):
    days = []
    for i in possible_birthdays:
        days.append(i[1])
    for i in range(len(days)):
        if possible_birthdays[i][0] == month and is_unique(days[i], days):
            return True
    return False
