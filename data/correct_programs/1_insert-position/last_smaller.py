def search(x, seq):
  last = -1
  for i, value in enumerate(seq):
    if value < x:
      last = i
  # behind the last smaller one
  return last + 1
