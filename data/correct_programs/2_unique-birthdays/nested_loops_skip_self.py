def unique_day(day, possible_birthdays):
    n = 0
    for i in possible_birthdays:
        if i[1] == day:
            n += 1
    return n == 1

def unique_month(month, possible_birthdays):
    n = 0
    for i in possible_birthdays:
        if i[0] == month:
            n += 1
    return n == 1

def contains_unique_day(month, possible_birthdays):
    for i in range(len(possible_birthdays)):
        if possible_birthdays[i][0] == month:
            alone = True
            for j in range(len(possible_birthdays)):
                if i != j and possible_birthdays[i][1] == possible_birthdays[j][1]:
                    alone = False
            if alone:
                return True
    return False
