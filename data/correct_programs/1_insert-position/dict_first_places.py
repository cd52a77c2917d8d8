def search(x, seq):
    first = {}
    for i in range(len(seq)):
        if seq[i] not in first:
            first[seq[i]] = i
    if x in first:
        return first[x]
    for number in sorted(first):
        if number > x:
            return first[number]
    return len(seq)
