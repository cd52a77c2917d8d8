def search(x, seq):
    rest = list(seq)
    while len(rest) > 0 and rest[-1] >= x:
        rest.pop()
    return len(rest)
