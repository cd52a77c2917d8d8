def sort_age(lst):
  ages = []
  for person in lst:
    ages.append(person[1])
  ages.sort()
  ages.reverse()
  new = []
  for age in ages:
    for person in lst:
      if person[1] == age:
        new.append(person)
  return new
