def swap(a, i, j):
    temp = a[i]
    a[i] = a[j]
    a[j] = temp

def sort_age(lst):
    i = 0
    while i < len(lst):
        j = i
        while j < len(lst):
            if lst[j][1] > lst[i][1]:
                swap(lst, i, j)
            j += 1
        i += 1
    return lst
