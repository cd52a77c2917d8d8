def unique_day(day, possible_birthdays):
    count=0
    for b in possible_birthdays:
        if b[1]==day:
            count += 1
            if count==2:
                break
    return count==1

def unique_month(month, possible_birthdays):
    count = 0
    for b in possible_birthdays:
        if b[0]==month:
            count += 1
            if count==2:
                break
    return count == 1

def contains_unique_day(month, possible_birthdays):
    answer=False
    for b in possible_birthdays:
        if b[0]==month and unique_day(b[1], possible_birthdays):
            answer = True
            break
    return answer
