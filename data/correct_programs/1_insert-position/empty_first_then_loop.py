def search(x, seq):
    if seq == () or seq == []:
        return 0
    for i in range(len(seq)):
        if x <= seq[i]:
            return i
    return i + 1
