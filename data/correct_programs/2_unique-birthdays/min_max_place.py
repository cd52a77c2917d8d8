def unique_day(day, possible_birthdays):
    spots = [i for i, b in enumerate(possible_birthdays) if b[1] == day]
    if spots == []:
        return False
    return min(spots) == max(spots)

def unique_month(month, possible_birthdays):
    spots = [i for i, b in enumerate(possible_birthdays) if b[0] == month]
    if spots == []:
        return False
    return min(spots) == max(spots)

def contains_unique_day(month, possible_birthdays):
    spots = [i for i, b in enumerate(possible_birthdays) if b[0] == month]
    for i in spots:
        if unique_day(possible_birthdays[i][1], possible_birthdays):
            return True
    return False
