def search(x, seq):
    found = False
    i = 0
    while not found and i < len(seq):
        if seq[i] >= x:
            found = True
        else:
            i += 1
    return i
