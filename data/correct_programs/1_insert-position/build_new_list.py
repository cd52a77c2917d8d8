def search(x, seq):
    new = []
    placed = False
    for v in seq:
        if v >= x and not placed:
            new.append(x)
            placed = True
        new.append(v)
    if not placed:
        new.append(x)
    return new.index(x)
