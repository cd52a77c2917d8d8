def sort_age(lst):
    sorted_lst = []
    while lst != []:
        biggest = lst[0]
        for i in range(len(lst)):
            if lst[i][1] > biggest[1]:
                biggest = lst[i]
        sorted_lst.append(biggest)
        lst.remove(biggest)
    return sorted_lst
