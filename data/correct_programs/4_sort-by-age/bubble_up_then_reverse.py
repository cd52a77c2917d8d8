def sort_age(lst):
    # youngest first, turned around in the end
    for i in range(len(lst)):
        for j in range(len(lst) - 1):
            if lst[j][1] > lst[j+1][1]:
                lst[j], lst[j+1] = lst[j+1], lst[j]
    return lst[::-1]
