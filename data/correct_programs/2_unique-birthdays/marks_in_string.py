def unique_day(day, possible_birthdays):
    marks = ""
    for b in possible_birthdays:
        if b[1] == day:
            marks += "x"
    return marks == "x"

def unique_month(month, possible_birthdays):
    marks = ""
    for b in possible_birthdays:
        if b[0] == month:
            marks += "x"
    return marks == "x"

def contains_unique_day(month, possible_birthdays):
    marks = ""
    for b in possible_birthdays:
        if b[0] == month and unique_day(b[1], possible_birthdays):
            marks += "x"
    return "x" in marks
