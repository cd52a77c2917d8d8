def unique_day(day, possible_birthdays):
  counts = {}
  for m, d in possible_birthdays:
    if d in counts:
      counts[d] += 1
    else:
      counts[d] = 1
  return day in counts and counts[day] == 1

def unique_month(month, possible_birthdays):
  counts = {}
  for m, d in possible_birthdays:
    if m in counts:
      counts[m] += 1
    else:
      counts[m] = 1
  return month in counts and counts[month] == 1

def contains_unique_day(month, possible_birthdays):
  for m, d in possible_birthdays:
    if m == month:
      if unique_day(d, possible_birthdays):
        return True
  return False
