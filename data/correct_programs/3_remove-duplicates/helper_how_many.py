def how_many(lst, value):
    total = 0
    for x in lst:
        if x == value:
            total = total + 1
    return total

def remove_extras(lst):
    new = []
    for i in range(len(lst)):
        if how_many(new, lst[i]) == 0:
            new.append(lst[i])
    return new
