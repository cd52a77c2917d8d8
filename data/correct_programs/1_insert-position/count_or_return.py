def search(x, seq):
    pos = 0
    for elem in seq:
        if x <= elem:
            return pos
        else:
            pos = pos + 1
    return pos
