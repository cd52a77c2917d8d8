def search(x, seq):
    k = 0
    while k != len(seq):
        if x > seq[k]:
            k += 1
        else:
            return k
    return k
