def sort_age(lst):
    s = []
    while lst != []:
        young = lst[0]
        for i in lst:
            if i[1] < young[1]:
                young = i
        s.append(young)
        lst.remove(young)
    return s[::-1]
