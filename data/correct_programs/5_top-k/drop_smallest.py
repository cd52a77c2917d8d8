def top_k(lst, k):
  # throw away the small ones, the rest is wanted
  while len(lst) > k:
    lst.remove(min(lst))
  result = []
  while lst:
    m = min(lst)
    lst.remove(m)
    result.insert(0, m)
  return result
