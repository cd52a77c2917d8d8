def search(x, seq):
    bigger = [v for v in seq if v >= x]
    if len(bigger) == 0:
        return len(seq)
    return seq.index(bigger[0])
