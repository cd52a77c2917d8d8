def search(x, seq):
    """go from right to left and remember the place"""
    spot = len(seq)
    for i in range(len(seq) - 1, -1, -1):
        if seq[i] >= x:
            spot = i
    return spot
