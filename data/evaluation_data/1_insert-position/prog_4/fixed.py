def search(x, seq):
    if len(seq) == 0:
        return 0
    elif seq[-1] < x:
        return len(seq)
    else:
        # last element is not needed in front of x
        return search(x, seq[:-1])
