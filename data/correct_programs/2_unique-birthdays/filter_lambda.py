def unique_day(day, possible_birthdays):
    hits = list(filter(lambda b: b[1] == day, possible_birthdays))
    return len(hits) == 1

def unique_month(month, possible_birthdays):
    hits = list(filter(lambda b: b[0] == month, possible_birthdays))
    return len(hits) == 1

def contains_unique_day(month, possible_birthdays):
    in_month = filter(lambda b: b[0] == month, possible_birthdays)
    for b in in_month:
        if unique_day(b[1], possible_birthdays):
            return True
    return False
