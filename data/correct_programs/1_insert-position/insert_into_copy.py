def search(x, seq):
    copy = list(seq)
    for i in range(len(copy)):
        if copy[i] >= x:
            copy.insert(i, x)
            return copy.index(x)
    copy.append(x)
    return copy.index(x)
