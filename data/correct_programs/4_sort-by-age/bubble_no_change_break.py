def sort_age(lst):
    while True:
        swaps = 0
        for k in range(1, len(lst)):
            if lst[k][1] > lst[k - 1][1]:
                lst[k - 1], lst[k] = lst[k], lst[k - 1]
                swaps += 1
        if swaps == 0:
            break
    return lst
