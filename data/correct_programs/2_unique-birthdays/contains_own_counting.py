def unique_day(day, possible_birthdays):
    """is there exactly one birthday on this day"""
    times = 0
    for b in possible_birthdays:
        if b[1] == day:
            times += 1
    return times == 1

def unique_month(month, possible_birthdays):
    """is there exactly one birthday in this month"""
    times = 0
    for b in possible_birthdays:
        if b[0] == month:
            times += 1
    return times == 1

def contains_unique_day(month, possible_birthdays):
    for b in possible_birthdays:
        if b[0] == month:
            times = 0
            for other in possible_birthdays:
                if other[1] == b[1]:
                    times += 1
            if times == 1:
                return True
    return False
