def only_once(values):
    once = set()
    more = set()
    for v in values:
        if v in once:
            more.add(v)
        once.add(v)
    return once - more

def unique_day(day, possible_birthdays):
    return day in only_once([b[1] for b in possible_birthdays])

def unique_month(month, possible_birthdays):
    return month in only_once([b[0] for b in possible_birthdays])

def contains_unique_day(month, possible_birthdays):
    days = only_once([b[1] for b in possible_birthdays])
    for b in possible_birthdays:
        if b[0] == month and b[1] in days:
            return True
    return False
