def search(x, seq):
    n = len(seq)
    for i in range(n):
        if seq[i] == x:
            return i
        elif seq[i] > x:
            return i
    return n
