def search(x, seq):

    smaller = []
    for s in seq:
        if s < x:
            smaller.append(s)
    return len(smaller)
