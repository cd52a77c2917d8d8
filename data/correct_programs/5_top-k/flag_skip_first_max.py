def top_k(lst, k):
    numbers = lst
    top = []
    for i in range(k):
        m = max(numbers)
        top.append(m)
        new = []
        removed = False
        for n in numbers:
            if n == m and not removed:
                removed = True
            else:
                new.append(n)
        numbers = new
    return top
