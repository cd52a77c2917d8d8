def unique_day(day, possible_birthdays):
    count=0
    for (month, day) in possible_birthdays:
        if day == day:
            count+=1
    return count==1

def unique_month(month, possible_birthdays):
    count=0
    for (m, d) in possible_birthdays:
        if m == month:
            count+=1
    return count==1

def contains_unique_day(month, possible_birthdays):
    days_of_month=[]
    for (m, d) in possible_birthdays:
        if m == month:
            days_of_month.append(d)
    for d in days_of_month:
        if unique_day(d, possible_birthdays):
            return True
    return False
