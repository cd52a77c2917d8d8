def sort_age(lst):
    new = list(lst)
    last = len(new) - 1
    for end in range(last, 0, -1):
        for i in range(end):
            age1 = new[i][1]
            age2 = new[i + 1][1]
            if age1 < age2:
                new[i], new[i + 1] = new[i + 1], new[i]
            else:
                pass
    return new
