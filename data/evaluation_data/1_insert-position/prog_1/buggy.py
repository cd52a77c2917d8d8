def search(x, seq):
    """walk from the right end to the left"""
    p = len(seq)
    while p > 0 and seq[p - 1] > x:
        p -= 1
    return p
