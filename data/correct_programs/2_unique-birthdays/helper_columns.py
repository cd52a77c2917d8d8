def get_months(birthdays):
    return [b[0] for b in birthdays]

def get_days(birthdays):
    return [b[1] for b in birthdays]

def unique_day(day, possible_birthdays):
    return get_days(possible_birthdays).count(day) == 1

def unique_month(month, possible_birthdays):
    return get_months(possible_birthdays).count(month) == 1

def contains_unique_day(month, possible_birthdays):
    months = get_months(possible_birthdays)
    days = get_days(possible_birthdays)
    for m, d in zip(months, days):
        if m == month and days.count(d) == 1:
            return True
    return False
