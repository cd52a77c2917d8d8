def search(x, seq):
    i = -1
    while i < len(seq) - 1:
        i += 1
        if seq[i] < x:
            continue
        return i
    return len(seq)
