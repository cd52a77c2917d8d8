def unique_day(day, possible_birthdays):
    def same(b):
        return b[1] == day
    n = 0
    for b in possible_birthdays:
        if same(b):
            n += 1
    return n == 1

def unique_month(month, possible_birthdays):
    def same(b):
        return b[0] == month
    n = 0
    for b in possible_birthdays:
        if same(b):
            n += 1
    return n == 1

def contains_unique_day(month, possible_birthdays):
    def fits(b):
        return b[0] == month and unique_day(b[1], possible_birthdays)
    for b in possible_birthdays:
        if fits(b):
            return True
    return False
