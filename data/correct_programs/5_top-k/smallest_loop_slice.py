def top_k(lst, k):
    ascending = []
    while len(lst) > 0:
        small = lst[0]
        for number in lst:
            if small > number:
                small = number
        ascending.append(small)
        lst.remove(small)
    descending = ascending[::-1]
    return descending[:k]
