def search(x, seq):
    where = None
    for i in range(len(seq)):
        if where == None and x <= seq[i]:
            where = i
    if (where == None):
        return len(seq)
    else:
        return where
