def top_k(lst, k):
    line = []
    for number in lst:
        pos = 0
        for other in line:
            if other > number:
                pos += 1
        line.insert(pos, number)
    return line[0:k]
