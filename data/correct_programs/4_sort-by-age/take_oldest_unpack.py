def sort_age(lst):
    new_list = []
    while lst != []:
        best = lst[0]
        for (gender, age) in lst:
            if age > best[1]:
                best = (gender, age)
        new_list.append(best)
        lst.remove(best)
    return new_list
