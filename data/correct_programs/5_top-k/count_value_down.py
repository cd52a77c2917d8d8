def top_k(lst, k):
    result = []
    if k > 0:
        value = max(lst)
        while len(result) < k:
            if value in lst:
                result.append(value)
                lst.remove(value)
            else:
                value -= 1
    return result
