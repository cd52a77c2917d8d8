def search(x, seq):
    found = False
    pos = 0
    for num in seq:
        if num >= x:
            found = True
        if found == False:
            pos += 1
    return pos
