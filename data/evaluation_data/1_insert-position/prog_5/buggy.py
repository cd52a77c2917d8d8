def search(x, seq):
    bigger = [j for j in range(len(seq)) if seq[j] >= x]
    if len(bigger) > 0:
        return bigger[-1]
    return len(seq)
