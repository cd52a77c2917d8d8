def search(x, seq):
    places = [0]
    for i in range(len(seq)):
        if seq[i] < x:
            places.append(i + 1)
    return max(places)
