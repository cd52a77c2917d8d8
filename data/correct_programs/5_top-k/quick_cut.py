def quick(numbers):
    if numbers == []:
        return []
    pivot = numbers[0]
    bigger = [n for n in numbers[1:] if n >= pivot]
    smaller = [n for n in numbers[1:] if n < pivot]
    return quick(bigger) + [pivot] + quick(smaller)

def top_k(lst, k):
    everything = quick(lst)
    return everything[:k]
