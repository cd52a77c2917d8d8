def merge(a, b):
    result = []
    while a and b:
        if a[0][1] > b[0][1]:
            result.append(a.pop(0))
        else:
            result.append(b.pop(0))
    return result + a + b

def sort_age(lst):
    if len(lst) <= 1:
        return lst
    middle = len(lst) // 2
    left = sort_age(lst[:middle])
    right = sort_age(lst[middle:])
    return merge(left, right)
