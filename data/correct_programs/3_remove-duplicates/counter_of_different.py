def remove_extras(lst):
    kept = []
    for e in lst:
        different = 0
        for k in kept:
            if k != e:
                different += 1
        # all of them are different
        if different == len(kept):
            kept.append(e)
    return kept
