def unique_day(day, possible_birthdays):
  i = 0
  found = 0
  while i < len(possible_birthdays):
    if possible_birthdays[i][1] == day:
      found += 1
    i += 1
  return found == 1

def unique_month(month, possible_birthdays):
  i = 0
  found = 0
  while i < len(possible_birthdays):
    if possible_birthdays[i][0] == month:
      found += 1
    i += 1
  return found == 1

def contains_unique_day(month, possible_birthdays):
  i = 0
  while i < len(possible_birthdays):
    bday = possible_birthdays[i]
    if bday[0] == month and unique_day(bday[1], possible_birthdays):
      return True
    i += 1
  return False
