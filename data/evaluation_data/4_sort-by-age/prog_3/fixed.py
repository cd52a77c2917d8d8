def find_youngest(group):
    y = 0
    for i in range(len(group)):
        if group[i][1] < group[y][1]:
            y = i
    return y

def sort_age(lst):
    # youngest goes to the front, then the next older one
    line = []
    while lst != []:
        idx = find_youngest(lst)
        line.insert(0, lst[idx])
        lst.pop(idx)
    return line

