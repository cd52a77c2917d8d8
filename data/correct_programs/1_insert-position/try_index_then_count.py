def search(x, seq):
    try:
        return seq.index(x)
    except ValueError:
        count = 0
        for e in seq:
            if e < x:
                count += 1
        return count
