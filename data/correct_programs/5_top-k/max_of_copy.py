def top_k(lst, k):
    numbers = lst[:]
    winners = []
    for i in range(k):
        w = max(numbers)
        numbers.remove(w)
        winners.append(w)
    return winners
