def search(x, seq):
    if len(seq) == 0:
        return 0
    half = len(seq) // 2
    if x <= seq[half]:
        return search(x, seq[:half])
    return half + 1 + search(x, seq[half + 1:])
