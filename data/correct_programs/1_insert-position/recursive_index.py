def search(x, seq):
    def helper(i):
        if i == len(seq):
            return i
        elif seq[i] >= x:
            return i
        else:
            return helper(i + 1)
    return helper(0)
