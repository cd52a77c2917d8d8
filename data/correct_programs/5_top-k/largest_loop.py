def top_k(lst, k):
    in_order = []
    while lst:
        greatest = lst[0]
        for num in lst:
            if num > greatest:
                greatest = num
        lst.remove(greatest)
        in_order.append(greatest)
    return in_order[:k]
