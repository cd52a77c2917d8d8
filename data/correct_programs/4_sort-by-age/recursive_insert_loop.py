def sort_age(lst):
    if len(lst) == 0:
        return []
    last = lst[-1]
    rest = sort_age(lst[:-1])
    i = 0
    while i < len(rest):
        if rest[i][1] < last[1]:
            break
        i += 1
    return rest[:i] + [last] + rest[i:]
