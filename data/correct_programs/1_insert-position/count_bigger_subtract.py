def search(x, seq):
    bigger = 0
    for n in seq:
        if n >= x:
            bigger += 1
    return len(seq) - bigger
