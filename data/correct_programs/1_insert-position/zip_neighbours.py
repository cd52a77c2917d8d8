def search(x, seq):
    if len(seq) == 0 or x <= seq[0]:
        return 0
    i = 1
    for a, b in zip(seq, seq[1:]):
        if a < x and x <= b:
            return i
        i += 1
    return len(seq)
