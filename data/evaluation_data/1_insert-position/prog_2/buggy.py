def search(x, seq):
    if seq == []:
        return 0
    for i in range(len(seq)):
        if seq[i] == x:
            return i
        elif x < seq[0]:
            return 0
        elif seq[i] < x < seq[i+1]:
            return i+1
    return len(seq)
    pass
