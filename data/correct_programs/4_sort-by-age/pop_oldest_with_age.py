def sort_age(lst):
    final = []
    while len(lst) != 0:
        place = 0
        highest = lst[0][1]
        for i in range(len(lst)):
            if lst[i][1] > highest:
                highest = lst[i][1]
                place = i
        final += [lst[place]]
        lst.pop(place)
    return final
