def remove_extras(lst):
  uniq = []
  for item in lst:
    if uniq.count(item) == 0:
      uniq.append(item)
  return uniq
