def top_k(lst, k):
    podium = []
    for cand in lst:
        spot = len(podium)
        while spot > 0 and podium[spot - 1] < cand:
            spot = spot - 1
        podium = podium[:spot] + [cand] + podium[spot:]
    return podium[:k]
