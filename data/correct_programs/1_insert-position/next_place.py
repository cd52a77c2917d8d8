def search(x, seq):
    return next((i for i,v in enumerate(seq) if v >= x),len(seq))
