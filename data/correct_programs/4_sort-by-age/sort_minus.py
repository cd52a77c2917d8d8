def sort_age(lst):
  lst.sort(key=lambda p: -p[1])
  return lst
