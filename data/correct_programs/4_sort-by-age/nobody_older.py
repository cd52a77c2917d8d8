def sort_age(lst):
    left = list(lst)
    result = []
    while left:
        for p in left:
            oldest = True
            for q in left:
                if q[1] > p[1]:
                    oldest = False
            if oldest:
                found = p
        result.append(found)
        left.remove(found)
    return result
