def search(x, seq):
    i = 0
    try:
        while seq[i] < x:
            i += 1
    except IndexError:
        pass
    return i
