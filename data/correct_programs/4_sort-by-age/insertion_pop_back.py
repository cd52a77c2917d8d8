def sort_age(lst):
    for i in range(1, len(lst)):
        for j in range(i):
            if lst[i][1] > lst[j][1]:
                lst.insert(j, lst.pop(i))
                break
    return lst
