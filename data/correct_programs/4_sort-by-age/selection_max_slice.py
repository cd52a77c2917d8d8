def sort_age(lst):
    for i in range(len(lst)):
        oldest = max(lst[i:], key=lambda x: x[1])
        place = lst.index(oldest)
        lst[place] = lst[i]
        lst[i] = oldest
    return lst
