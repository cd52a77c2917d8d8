def search(x, seq):
    left = list(filter(lambda y: y < x, seq))
    return len(left)
