def search(x, seq):
    return sum([1 for value in seq if x > value])
