def search(x, seq):
    if len(seq) == 0:
        return 0
    if seq[-1] < x:
        return len(seq)
    return search(x, seq[:-1])
