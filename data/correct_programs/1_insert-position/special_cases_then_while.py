def search(x, seq):
    if len(seq) > 0:
        if x <= seq[0]:
            return 0
        elif x > seq[-1]:
            return len(seq)
        else:
            i = 1
            while seq[i] < x:
                i += 1
            return i
    else:
        return 0
