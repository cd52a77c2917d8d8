def sort_age(lst):
    for i in range(1, len(lst)):
        person = lst[i]
        j = i - 1
        while j >= 0 and lst[j][1] < person[1]:
            lst[j + 1] = lst[j]
            j -= 1
        lst[j + 1] = person

    return lst
