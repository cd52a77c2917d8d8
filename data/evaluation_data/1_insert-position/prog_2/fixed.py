def search(x, seq):
    if len(seq) == 0 or x <= seq[0]:
        return 0
    for i in range(1, len(seq)):
        if seq[i - 1] < x <= seq[i]:
            return i
    return len(seq)
