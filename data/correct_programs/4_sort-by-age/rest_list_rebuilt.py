def sort_age(lst):
    result = []
    while lst:
        big = lst[0]
        rest = []
        for p in lst[1:]:
            if p[1] > big[1]:
                rest.append(big)
                big = p
            else:
                rest.append(p)
        result.append(big)
        lst = rest
    return result
