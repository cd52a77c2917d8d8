def search(x, seq):
    lst = list(seq)
    lst.append(x)
    i = 0
    # x is at the end, so the loop stops for sure
    while lst[i] < x:
        i += 1
    return i
