def search(x, seq):
    for i in range(len(seq) + 1):
        left = seq[:i]
        right = seq[i:]
        if all(v < x for v in left) and all(v >= x for v in right):
            return i
