def is_sorted(people):
    for i in range(len(people) - 1):
        if people[i][1] < people[i + 1][1]:
            return False
    return True

def sort_age(lst):
    while is_sorted(lst) == False:
        for i in range(len(lst) - 1):
            if lst[i][1] < lst[i + 1][1]:
                lst[i], lst[i + 1] = lst[i + 1], lst[i]
    return lst
