def unique_day(day, possible_birthdays):
    length=len(possible_birthdays)
    result=0
    for k in range(0, length):
        if day==possible_birthdays[k][1]:
            result+=1
    if result==1:
        return True
    return False

def unique_month(month, possible_birthdays):
    length=len(possible_birthdays)
    result=0
    for k in range(0, length):
        if month==possible_birthdays[k][0]:
            result+=1
    if result==1:
        return True
    return False

def contains_unique_day(month, possible_birthdays):
    length=len(possible_birthdays)
    for k in range(0, length):
        d=possible_birthdays[k][1]
        if month==possible_birthdays[k][0] and unique_day(d, possible_birthdays)==True:
            return True
    return False
