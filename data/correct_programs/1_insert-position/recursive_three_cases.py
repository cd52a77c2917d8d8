def search(x, seq):
    if not seq:
        return 0
    first = seq[0]
    if first == x:
        return 0
    elif first > x:
        return 0
    else:
        result = search(x, seq[1:])
        return result + 1
