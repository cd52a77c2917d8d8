def search(x, seq):
    return sorted(tuple(seq) + (x,)).index(x)
