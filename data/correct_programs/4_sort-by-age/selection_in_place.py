def sort_age(lst):
    for i in range(len(lst) - 1):
        pos = i
        for j in range(i + 1, len(lst)):
            if lst[j][1] > lst[pos][1]:
                pos = j
        lst[i], lst[pos] = lst[pos], lst[i]
    return lst
