def merge(a, b):
    result = []
    while a and b:
        if a[0] > b[0]:
            result.append(a.pop(0))
        else:
            result.append(b.pop(0))
    return result + a + b

def merge_down(numbers):
    if len(numbers) < 2:
        return numbers
    half = len(numbers) // 2
    return merge(merge_down(numbers[:half]), merge_down(numbers[half:]))

def top_k(lst, k):
    return merge_down(lst)[:k]
