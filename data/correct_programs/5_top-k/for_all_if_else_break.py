def top_k(lst, k):
    result = []
    for i in range(len(lst)):
        if len(result) == k:
            break
        else:
            pass
        highest = max(lst)
        result.append(highest)
        lst.remove(highest)
    return result
