def find_largest(numbers):
    largest = numbers[0]
    for n in numbers:
        if n > largest:
            largest = n
    return largest

def top_k(lst, k):
    result = []
    for i in range(k):
        x = find_largest(lst)
        result.append(x)
        lst.remove(x)
    return result
