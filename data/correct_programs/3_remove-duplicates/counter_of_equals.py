def remove_extras(lst):
    new_lst = []
    for el in lst:
        counter = 0
        for other in new_lst:
            if other == el:
                counter += 1
        if counter == 0:
            new_lst.append(el)
    return new_lst
