def search(x, seq):
    below = [a for a in seq if a < x]
    if below == []:
        return 0
    m = max(below)
    return seq.index(m) + seq.count(m)
