def sort_age(lst):
    left = len(lst)
    done = []
    while left > 0:
        old = lst[-1]
        for i in range(len(lst) - 2, -1, -1):
            if lst[i][1] > old[1]:
                old = lst[i]
        done.append(old)
        lst.remove(old)
        left -= 1
    return done
