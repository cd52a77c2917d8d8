def unique_day(day, possible_birthdays):
    tup = ()
    for i in possible_birthdays:
        if i[1] == day:
            tup += (i,)
    return len(tup) == 1

def unique_month(month, possible_birthdays):
    tup = ()
    for i in possible_birthdays:
        if i[0] == month:
            tup += (i,)
    return len(tup) == 1

def contains_unique_day(month, possible_birthdays):
    tup = ()
    for i in possible_birthdays:
        if i[0] == month:
            tup += (i,)
    for j in tup:
        if unique_day(j[1], possible_birthdays):
            return True
    return False
