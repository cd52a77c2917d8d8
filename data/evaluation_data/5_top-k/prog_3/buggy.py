def merge_down(left, right):
    both = []
    i = 0
    j = 0
    while i < len(left) and j < len(right):
        if left[i] >= right[j]:
            both.append(left[i])
            i += 1
        else:
            both.append(right[j])
            i += 1
    return both + left[i:]

def top_k(lst, k):
    result = []
    for n in lst:
        result = merge_down(result, [n])
    return result[:k]
