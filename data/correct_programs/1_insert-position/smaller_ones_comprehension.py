def search(x, seq):
    return len([v for v in seq if v < x])
