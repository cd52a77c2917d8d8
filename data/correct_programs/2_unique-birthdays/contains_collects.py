def unique_day(day, possible_birthdays):
    lst = []
    for i in possible_birthdays:
        if i[1] == day:
            lst.append(i[1])
    return lst == [day]

def unique_month(month, possible_birthdays):
    lst = []
    for i in possible_birthdays:
        if i[0] == month:
            lst.append(i[0])
    return lst == [month]

def contains_unique_day(month, possible_birthdays):
    lst = []
    for i in possible_birthdays:
        if i[0] == month:
            if unique_day(i[1], possible_birthdays):
                lst.append(i)
    if lst == []:
        return False
    return True
