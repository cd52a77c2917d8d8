def top_k(lst, k):
    podium = []
    while k > 0:
        best = lst[0]
        for num in lst:
            if num > best:
                best = num
        podium.append(best)
        lst.remove(best)
        k -= 1
    return podium
