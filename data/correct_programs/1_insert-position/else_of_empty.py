def search(x, seq):
    if len(seq) > 0:
        for k in range(len(seq)):
            if seq[k] >= x:
                return k
        return len(seq)
    else:
        return 0
