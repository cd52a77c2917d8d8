def sort_age(lst):
    places = {}
    for p in lst:
        place = 0
        for q in lst:
            if q[1] > p[1]:
                place = place + 1
        places[place] = p
    result = []
    for i in range(len(lst)):
        result.append(places[i])
    return result
