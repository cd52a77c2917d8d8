def search(x, seq):
    pos = 0
    for i in range(len(seq)):
        if seq[i] < x:
            pos = i + 1
    return pos
