def unique_day(day, possible_birthdays):
    n = 0
    for b in possible_birthdays:
        n = n + 1 if b[1] == day else n
    return n == 1

def unique_month(month, possible_birthdays):
    n = 0
    for b in possible_birthdays:
        n = n + 1 if b[0] == month else n
    return n == 1

def contains_unique_day(month, possible_birthdays):
    queue = [d for m, d in possible_birthdays if m == month]
    while len(queue) > 0:
        d = queue.pop(0)
        if unique_day(d, possible_birthdays):
            return True
    return False
