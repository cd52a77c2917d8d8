def search(x, seq):
    length = len(seq)
    for i in range(length):
        if seq[i] < x:
            pass
        else:
            return i
    return length
