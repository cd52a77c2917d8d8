def search(x, seq):
    lst = list(seq)
    lst.append(x)
    lst.sort()

    return lst.index(x)
