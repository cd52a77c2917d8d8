def count_field(possible_birthdays, field):
    table = {}
    for pair in possible_birthdays:
        table[pair[field]] = table.get(pair[field], 0) + 1
    return table

def unique_day(day, possible_birthdays):
    return count_field(possible_birthdays, 1).get(day, 0) == 1

def unique_month(month, possible_birthdays):
    return count_field(possible_birthdays, 0).get(month, 0) == 1

def contains_unique_day(month, possible_birthdays):
    table = count_field(possible_birthdays, 1)
    for pair in possible_birthdays:
        if pair[0] == month and table[pair[1]] == 1:
            return True
    return False
