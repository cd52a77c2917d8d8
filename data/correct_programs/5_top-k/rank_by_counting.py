def top_k(lst, k):
  places = [None] * len(lst)
  for i in range(len(lst)):
    rank = 0
    for j in range(len(lst)):
      if lst[j] > lst[i]:
        rank += 1
      elif lst[j] == lst[i] and j < i:
        rank += 1
    places[rank] = lst[i]
  return places[:k]
