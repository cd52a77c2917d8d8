def search(x, seq):
    old = list(seq) + [x]
    new = []
    while len(old) > 0:
        smallest = min(old)
        if smallest == x:
            return len(new)
        new.append(smallest)
        old.remove(smallest)
