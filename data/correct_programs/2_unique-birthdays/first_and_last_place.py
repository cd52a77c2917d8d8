def unique_day(day, possible_birthdays):
    first = -1
    last = -1
    for i in range(len(possible_birthdays)):
        if possible_birthdays[i][1] == day:
            if first == -1:
                first = i
            last = i
    return first != -1 and first == last

def unique_month(month, possible_birthdays):
    first = -1
    last = -1
    for i in range(len(possible_birthdays)):
        if possible_birthdays[i][0] == month:
            if first == -1:
                first = i
            last = i
    return first != -1 and first == last

def contains_unique_day(month, possible_birthdays):
    for m, d in possible_birthdays:
        if month == m:
            if unique_day(d, possible_birthdays):
                return True
    return False
