def search(x, seq):
    pos = -1
    for i in range(len(seq)):
        if seq[i] >= x and pos == -1:
            pos = i
    if pos < 0:
        pos = len(seq)
    return pos
