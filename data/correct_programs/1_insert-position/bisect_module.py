from bisect import bisect_left

def search(x, seq):
    return bisect_left(seq, x)
