def search(x, seq):
    if x not in seq:
        lst = list(seq)
        lst.append(x)
        lst.sort()
        return lst.index(x)
    else:
        return seq.index(x)
