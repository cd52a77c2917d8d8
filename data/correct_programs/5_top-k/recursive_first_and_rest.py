def top_k(lst, k):
    if len(lst) == 0 or k == 0:
        return []
    biggest = lst[0]
    others = []
    for x in lst[1:]:
        if x > biggest:
            others.append(biggest)
            biggest = x
        else:
            others.append(x)
    return [biggest] + top_k(others, k - 1)
