def search(x, seq):
    indices = [i for i in range(len(seq)) if seq[i] >= x]
    if indices:
        return indices[0]
    return len(seq)
