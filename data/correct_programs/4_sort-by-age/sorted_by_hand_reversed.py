def sort_age(lst):
    ordered = sorted(lst, key=lambda x: x[1])
    result = []
    while ordered != []:
        result.append(ordered.pop())
    return result
