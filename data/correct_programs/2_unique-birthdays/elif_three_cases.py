def unique_day(day, possible_birthdays):
    cnt = 0
    for elem in possible_birthdays:
        if elem[1] == day:
            cnt += 1
    if cnt == 0: return False
    elif cnt == 1: return True
    else: return False

def unique_month(month, possible_birthdays):
    cnt = 0
    for elem in possible_birthdays:
        if elem[0] == month:
            cnt += 1
    if cnt == 0: return False
    elif cnt == 1: return True
    else: return False

def contains_unique_day(month, possible_birthdays):
    for elem in possible_birthdays:
        if elem[0] == month and unique_day(elem[1], possible_birthdays):
            return True
    return False
