def top_k(lst, k):
    tops = []
    while len(tops) < k:
        biggest = lst[0]
        for x in lst[1:]:
            if biggest < x:
                biggest = x
        tops.append(biggest)
        lst.remove(biggest)
    return tops
