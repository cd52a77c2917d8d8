def search(x, seq):
    if seq == []:
        return 0
    elif seq[-1] < x:
        return len(seq)
    else:
        # last element is not needed in front of x
        return search(x, seq[:-1])
