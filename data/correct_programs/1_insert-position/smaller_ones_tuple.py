def search(x, seq):
    before = ()
    for n in seq:
        if x > n:
            before = before + (n,)
    return len(before)
