def top_k(lst, k):
    """Returns the k biggest numbers, biggest first."""
    result = [0] * k
    for i in range(k):
        result[i] = max(lst)
        lst.remove(result[i])
    return result
