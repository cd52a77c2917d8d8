def search(x, seq):
    i = len(seq)
    while i > 0 and seq[i - 1] >= x:
        i = i - 1
    return i
