def unique_day(day, possible_birthdays):
    days = sorted(b[1] for b in possible_birthdays)
    if day not in days:
        return False
    i = days.index(day)
    return i == len(days) - 1 or days[i + 1] != day

def unique_month(month, possible_birthdays):
    months = sorted(b[0] for b in possible_birthdays)
    if month not in months:
        return False
    i = months.index(month)
    return i == len(months) - 1 or months[i + 1] != month

def contains_unique_day(month, possible_birthdays):
    for b in sorted(possible_birthdays):
        if b[0] == month and unique_day(b[1], possible_birthdays):
            return True
    return False
