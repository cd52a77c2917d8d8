def merge(left, right):
    i = 0
    j = 0
    both = []
    while i < len(left) and j < len(right):
        if left[i][1] > right[j][1]:
            both.append(left[i])
            i += 1
        else:
            both.append(right[j])
            j += 1
    both.extend(left[i:])
    both.extend(right[j:])
    return both

def sort_age(lst):
    if len(lst) < 2:
        return lst
    half = len(lst) // 2
    return merge(sort_age(lst[:half]), sort_age(lst[half:]))
