def top_k(lst, k):
    result = []

    def take(rest, left):
        if left > 0:
            big = max(rest)
            result.append(big)
            i = rest.index(big)
            take(rest[:i] + rest[i+1:], left - 1)

    take(lst, k)
    return result
