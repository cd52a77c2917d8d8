def search(x, seq):
    i = -1
    while -i <= len(seq) and seq[i] >= x:
        i -= 1
    return len(seq) + i + 1
