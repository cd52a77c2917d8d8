def search(x, seq):
    for idx, val in enumerate(seq):
        if val >= x:
            return idx
    return len(seq)
