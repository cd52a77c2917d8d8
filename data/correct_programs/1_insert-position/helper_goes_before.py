def goes_before(x, y):
    if x <= y:
        return True
    return False

def search(x, seq):
    i = 0
    for y in seq:
        if goes_before(x, y) == True:
            return i
        i += 1
    return i
