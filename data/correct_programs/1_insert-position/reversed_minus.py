def search(x, seq):
    pos = len(seq)
    for n in reversed(seq):
        if n >= x:
            pos -= 1
        else:
            break
    return pos
