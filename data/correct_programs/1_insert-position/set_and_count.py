def search(x, seq):
    total = 0
    for value in set(seq):
        if value < x:
            total += seq.count(value)
    return total
