def unique_day(day, possible_birthdays):
    count = 0
    for pair in possible_birthdays:
        if day == pair[1]:
            count += 1
    answer = False
    if count == 1:
        answer = True
    return answer

def unique_month(month, possible_birthdays):
    count = 0
    for pair in possible_birthdays:
        if month == pair[0]:
            count += 1
    answer = False
    if count == 1:
        answer = True
    return answer

def contains_unique_day(month, possible_birthdays):
    answer = False
    for pair in possible_birthdays:
        if month == pair[0]:
            if unique_day(pair[1], possible_birthdays):
                answer = True
    return answer
