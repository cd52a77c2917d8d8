def unique_day(day, possible_birthdays):
    same = [p for p in possible_birthdays if p[1] == day]
    return len(same) == 1

def unique_month(month, possible_birthdays):
    same = [p for p in possible_birthdays if p[0] == month]
    return len(same) == 1

def contains_unique_day(month, possible_birthdays):
    good = [p for p in possible_birthdays if p[0] == month and unique_day(p[1], possible_birthdays)]
    return len(good) > 0
