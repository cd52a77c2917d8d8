def sort_age(lst):
    if len(lst) < 2:
        return lst
    mid = lst[len(lst) // 2][1]
    bigger = []
    same = []
    smaller = []
    for person in lst:
        if person[1] > mid:
            bigger.append(person)
        elif person[1] == mid:
            same.append(person)
        else:
            smaller.append(person)
    return sort_age(bigger) + same + sort_age(smaller)
