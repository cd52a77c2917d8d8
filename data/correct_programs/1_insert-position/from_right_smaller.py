def search(x, seq):
    i = len(seq) - 1
    while i >= 0:
        if seq[i] < x:
            return i + 1
        i -= 1
    return 0
