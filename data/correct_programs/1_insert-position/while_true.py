def search(x, seq):
    n = 0
    while True:
        if n == len(seq):
            return n
        if seq[n] >= x:
            return n
        n += 1
