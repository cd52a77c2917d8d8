def search(x, seq):

    rest = list(seq)
    taken = 0
    while rest and rest[0] < x:
        rest.pop(0)
        taken += 1
    return taken
