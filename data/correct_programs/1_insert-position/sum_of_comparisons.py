def search(x, seq):
    return sum(value < x for value in seq)
