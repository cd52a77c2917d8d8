def search(x, seq):
    before = float('-inf')
    for i in range(len(seq)):
        if before < x and x <= seq[i]:
            return i
        before = seq[i]
    return len(seq)
