def sort_age(lst):
    if lst == []:
        return lst
    youngest = lst[0]
    for i in range(1, len(lst)):
        if lst[i][1] < youngest[1]:
            youngest = lst[i]
    place = lst.index(youngest)
    return sort_age(lst[:place] + lst[place + 1:]) + [youngest]
