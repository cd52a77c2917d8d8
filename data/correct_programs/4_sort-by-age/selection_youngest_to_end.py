def sort_age(lst):
    end = len(lst) - 1
    while end > 0:
        pos = 0
        for i in range(end + 1):
            if lst[i][1] < lst[pos][1]:
                pos = i
        temp = lst[end]
        lst[end] = lst[pos]
        lst[pos] = temp
        end -= 1
    return lst
