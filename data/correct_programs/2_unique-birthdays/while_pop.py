def unique_day(day, possible_birthdays):
    todo = list(possible_birthdays)
    n = 0
    while todo:
        b = todo.pop()
        if b[1] == day:
            n += 1
    return n == 1

def unique_month(month, possible_birthdays):
    todo = list(possible_birthdays)
    n = 0
    while todo:
        b = todo.pop()
        if b[0] == month:
            n += 1
    return n == 1

def contains_unique_day(month, possible_birthdays):
    todo = list(possible_birthdays)
    while todo:
        b = todo.pop()
        if b[0] == month and unique_day(b[1], possible_birthdays):
            return True
    return False
