def search(x, seq):
    if x in seq:
        return seq.index(x)
    for n in seq:
        if n > x:
            return seq.index(n)
    return len(seq)
