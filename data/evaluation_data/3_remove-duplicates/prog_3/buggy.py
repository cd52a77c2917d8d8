def first_place(seq, wanted):
    place = 0
    while seq[place] != wanted:
        place = place + 1
    print(place)

def remove_extras(lst):
    firsts = []
    for i in range(len(lst)):
        if first_place(lst[i], lst) == i:
            firsts.append(lst[i])
    return firsts
