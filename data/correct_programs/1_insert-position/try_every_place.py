def search(x, seq):
    for i in range(len(seq) + 1):
        test = list(seq)
        test.insert(i, x)
        if test == sorted(test):
            return i
