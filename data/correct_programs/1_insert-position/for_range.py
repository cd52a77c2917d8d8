def search(x, seq):
    for pos in range(len(seq)):
        if x <= seq[pos]:
            return pos
    return len(seq)
