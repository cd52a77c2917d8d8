def search(x, seq):
    if len (seq) == 0 or x <= seq[0]:
        return 0
    return 1 + search(x, seq[1:])
