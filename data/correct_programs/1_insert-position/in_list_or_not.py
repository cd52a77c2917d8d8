def search(x, seq):
    if x in seq:
        for i in range(len(seq)):
            if seq[i] == x:
                return i
    else:
        smaller = 0
        for number in seq:
            if number < x:
                smaller += 1
        return smaller
