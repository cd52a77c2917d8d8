def unique_day(day, possible_birthdays):
    by_day = {}
    for m, d in possible_birthdays:
        if d not in by_day:
            by_day[d] = []
        by_day[d].append(m)
    return day in by_day and len(by_day[day]) == 1

def unique_month(month, possible_birthdays):
    by_month = {}
    for m, d in possible_birthdays:
        if m not in by_month:
            by_month[m] = []
        by_month[m].append(d)
    return month in by_month and len(by_month[month]) == 1

def contains_unique_day(month, possible_birthdays):
    by_day = {}
    for m, d in possible_birthdays:
        if d not in by_day:
            by_day[d] = []
        by_day[d].append(m)
    return [month] in by_day.values()
