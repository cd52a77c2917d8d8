def search(x, seq):
    offset = 0
    part = seq
    while len(part) > 0:
        mid = len(part) // 2
        if part[mid] < x:
            offset += mid + 1
            part = part[mid + 1:]
        else:
            part = part[:mid]
    return offset
