def top_k(lst, k):
    result = []
    while k != 0:
        largest = None
        for num in lst:
            if largest is None:
                largest = num
            elif num > largest:
                largest = num
        lst.remove(largest)
        result.append(largest)
        k -= 1
    return result
