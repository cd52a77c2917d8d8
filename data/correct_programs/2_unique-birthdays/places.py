def unique_day(day, possible_birthdays):
    places = []
    for i in range(len(possible_birthdays)):
        if possible_birthdays[i][1] == day:
            places.append(i)
    return len(places) == 1

def unique_month(month, possible_birthdays):
    places = []
    for i in range(len(possible_birthdays)):
        if possible_birthdays[i][0] == month:
            places.append(i)
    return len(places) == 1

def contains_unique_day(month, possible_birthdays):
    for i, birthday in enumerate(possible_birthdays):
        if birthday[0] == month:
            day = birthday[1]
            if unique_day(day, possible_birthdays):
                return True
    return False
