def search(x, seq):
    """ x goes in front of the first number which is not smaller """
    for place, number in enumerate(seq):
        if x <= number:
            return place
    return len(seq)
