def search(x, seq):
    places = [len(seq)]
    for i in range(len(seq)):
        if seq[i] >= x:
            places.append(i)
    return min(places)
