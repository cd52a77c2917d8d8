def search(x, seq):
    best = None
    for n in seq:
        if n >= x:
            if best is None or n < best:
                best = n
    if best is None:
        return len(seq)
    else:
        return seq.index(best)
