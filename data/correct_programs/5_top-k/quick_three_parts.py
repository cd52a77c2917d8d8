def top_k(lst, k):
    if k == 0:
        return []
    p = lst[0]
    big, same, small = [], [], []
    for x in lst:
        if x > p:
            big.append(x)
        elif x == p:
            same.append(x)
        else:
            small.append(x)
    return (top_k(big, len(big)) + same + top_k(small, len(small)))[:k]
