def search(x, seq):
    left, right = 0, len(seq) - 1
    while left <= right:
        middle = (left + right) // 2
        if seq[middle] >= x:
            right = middle - 1
        else:
            left = middle + 1
    return left
