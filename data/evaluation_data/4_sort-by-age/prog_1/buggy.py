def sort_age(lst):
    oldest_first = []
    for someone in lst:
        placed = False
        for i in range(len(oldest_first)):
            if someone[1] > oldest_first[i][1]:
                oldest_first.insert(i, someone)
                placed = True
        if not placed:
            oldest_first.append(someone)
    return oldest
