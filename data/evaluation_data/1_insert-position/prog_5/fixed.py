def search(x, seq):
    """search the position of x in seq"""
    pos = 0
    found = False

    while not found and pos < len(seq):
        if x > seq[pos]:
            pos += 1
        else:
            found = True

    return pos
