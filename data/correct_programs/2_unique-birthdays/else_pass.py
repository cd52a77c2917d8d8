def unique_day(day, possible_birthdays):
    lst = []
    for element in possible_birthdays:
        if element[1] == day:
            lst.append(element)
        else:
            pass
    return len(lst) == 1

def unique_month(month, possible_birthdays):
    lst = []
    for element in possible_birthdays:
        if element[0] == month:
            lst.append(element)
        else:
            pass
    return len(lst) == 1

def contains_unique_day(month, possible_birthdays):
    for element in possible_birthdays:
        if element[0] == month:
            if unique_day(element[1], possible_birthdays) == True:
                return True
            else:
                pass
    return False
