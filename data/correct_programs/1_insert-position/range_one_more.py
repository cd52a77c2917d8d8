def search(x, seq):
    for i in range(len(seq) + 1):
        if i == len(seq) or x <= seq[i]:
            return i
