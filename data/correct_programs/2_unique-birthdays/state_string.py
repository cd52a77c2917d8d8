def unique_day(day, possible_birthdays):
    state = "none"
    for b in possible_birthdays:
        if b[1] == day:
            if state == "none":
                state = "one"
            else:
                state = "many"
    return state == "one"

def unique_month(month, possible_birthdays):
    state = "none"
    for b in possible_birthdays:
        if b[0] == month:
            if state == "none":
                state = "one"
            else:
                state = "many"
    return state == "one"

def contains_unique_day(month, possible_birthdays):
    state = "no"
    for b in possible_birthdays:
        if b[0] == month and unique_day(b[1], possible_birthdays):
            state = "yes"
    return state == "yes"
