def find_place(x, seq, pos):
    if len(seq) == 0:
        return pos
    if x <= seq[0]:
        return pos
    else:
        return find_place(x, seq[1:], pos + 1)

def search(x, seq):
    return find_place(x, seq, 0)
