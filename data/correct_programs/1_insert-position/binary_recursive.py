def search(x, seq):
    def between(a, b):
        if a == b:
            return a
        m = (a + b) // 2
        if seq[m] < x:
            return between(m + 1, b)
        return between(a, m)
    return between(0, len(seq))
