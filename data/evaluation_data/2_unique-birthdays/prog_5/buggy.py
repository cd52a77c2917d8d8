def how_often(text, where, possible_birthdays):
    """where is 0 for months and 1 for days"""
    number = 0
    for b in possible_birthdays:
        if b[where] == text:
            number += 1
        return number

def unique_day(day, possible_birthdays):
    return how_often(day, 1, possible_birthdays) == 1

def unique_month(month, possible_birthdays):
    return how_often(month, 0, possible_birthdays) == 1

def contains_unique_day(month, possible_birthdays):
    for m, d in possible_birthdays:
        if m == month and how_often(d, 1, possible_birthdays) == 1:
            return True
        else:
            return False
