def top_k(lst, k):
    result = []
    if len(lst) == 0:
        return result
    for value in range(max(lst), min(lst) - 1, -1):
        for i in range(lst.count(value)):
            result.append(value)
    return result[:k]
