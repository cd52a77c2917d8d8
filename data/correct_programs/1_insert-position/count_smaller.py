def search(x, seq):
    position = 0
    for number in seq:
        if number < x:
            position += 1
    return position
