def sort_age(lst):
    for i in range(len(lst)):
        j = i
        while j > 0 and lst[j][1] > lst[j-1][1]:
            lst[j], lst[j-1] = lst[j-1], lst[j]
            j = j - 1
    return lst
