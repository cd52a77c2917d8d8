def top_k(lst, k):
    tops = []
    numbers = list(lst)
    for _ in range(k):
        best_i = 0
        for i, num in enumerate(numbers):
            if num > numbers[best_i]:
                best_i = i
        tops.append(numbers.pop(best_i))
    return tops
