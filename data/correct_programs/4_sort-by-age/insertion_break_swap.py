def sort_age(lst):
    for i in range(1, len(lst)):
        for j in range(i, 0, -1):
            if lst[j][1] > lst[j - 1][1]:
                temp = lst[j - 1]
                lst[j - 1] = lst[j]
                lst[j] = temp
            else:
                break
    return lst
