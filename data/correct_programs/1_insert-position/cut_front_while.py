def search(x, seq):
    pos = 0
    while len(seq) > 0:
        if seq[0] >= x:
            return pos
        seq = seq[1:]
        pos += 1
    return pos
