def search(x, seq):
    steps = 0
    for a in seq:
        if a > x:
            return steps
        steps =+ 1
    return steps
