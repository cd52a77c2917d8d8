def search(x, seq):
    counter = 0
    for n in seq:
        if n >= x:
            break
        counter += 1
    return counter
