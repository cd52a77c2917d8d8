def search(x, seq):
    return list(map(lambda n: n < x, seq)).count(True)
