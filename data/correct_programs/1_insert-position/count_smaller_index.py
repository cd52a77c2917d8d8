def search(x, seq):
    ans = 0
    for i in range(0, len(seq)):
        if x > seq[i]:
            ans = ans + 1
        else:
            ans = ans
    return ans
