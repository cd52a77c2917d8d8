def put_in(x, down):
    if down == []:
        return [x]
    if x >= down[0]:
        return [x] + down
    return [down[0]] + put_in(x, down[1:])


def top_k(lst, k):
    res = []
    for x in lst:
        res = put_in(x, res)
    return res[:k]
