def search(x, seq):
    if seq == [] or seq == ():
        return 0
    elif seq[0] >= x:
        return 0
    elif seq[len(seq)-1] < x:
        return len(seq)

    for a in range(1, len(seq)):
        if x > seq[a-1] and x <= seq[a]:
            return a
