def search(x, seq):
    for place, val in enumerate(list(seq) + [x]):
        if val >= x:
            return place
