def remove_extras(lst):
    places = []
    for x in lst:
        places.append(lst.index(x))
    places = sorted(set(places))
    return [lst[p] for p in places]
