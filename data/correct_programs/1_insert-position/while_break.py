def search(x, seq):
    idx = 0
    while idx < len(seq):
        if seq[idx] >= x:
            break
        idx += 1
    return idx
