def search(x, seq):
    copy = list(seq)
    for s in seq:
        if not s < x:
            copy.remove(s)
    return len(copy)
