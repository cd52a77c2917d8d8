def search(x, seq):
    lo, hi = 0, len(seq) - 1
    ans = len(seq)
    while lo <= hi:
        mid = (lo + hi) // 2
        if seq[mid] >= x:
            ans = mid
            hi = mid - 1
        else:
            lo = mid + 1
    return ans
