def search(x, seq):
    # is x already there?
    for i in range(len(seq)):
        if seq[i] == x:
            return i
    # no, so look for the first bigger one
    for i in range(len(seq)):
        if seq[i] > x:
            return i
    return len(seq)
