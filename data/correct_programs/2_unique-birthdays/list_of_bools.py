def unique_day(day, possible_birthdays):
    answers = []
    for b in possible_birthdays:
        answers.append(b[1] == day)
    return answers.count(True) == 1

def unique_month(month, possible_birthdays):
    answers = []
    for b in possible_birthdays:
        answers.append(b[0] == month)
    return answers.count(True) == 1

def contains_unique_day(month, possible_birthdays):
    answers = []
    for b in possible_birthdays:
        answers.append(b[0] == month and unique_day(b[1], possible_birthdays))
    return True in answers
