def search(x, seq):
    if seq == [] or seq == ():
        return 0
    for i in range(len(seq)):
        if x <= seq[i]:
            return i
        elif i == len(seq) - 1:
            return i + 1
