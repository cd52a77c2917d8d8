def search(x, seq):
    low = 0
    high = len(seq) - 1
    while low <= high:
        mid = (low + high) // 2
        if seq[mid] == x:
            # go to the first one
            while mid > 0 and seq[mid - 1] == x:
                mid -= 1
            return mid
        elif seq[mid] < x:
            low = mid + 1
        else:
            high = mid - 1
    return low
