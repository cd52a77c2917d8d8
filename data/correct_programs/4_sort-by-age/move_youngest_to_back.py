def sort_age(lst):
    for i in range(len(lst)):
        young = lst[0]
        for p in lst[:len(lst) - i]:
            if p[1] < young[1]:
                young = p
        lst.remove(young)
        lst.insert(len(lst) - i, young)
    return lst
