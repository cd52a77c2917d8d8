def search(x, seq):
    # put x into the row and look where it stands
    row = sorted(list(seq) + [x])
    for i in range (len (row)):
        if row[i] == x:
            return i
