def top_k(lst, k):
    def order(l):
        if len(l) <= 1:
            return l
        mid = len(l) // 2
        left = order(l[:mid])
        right = order(l[mid:])
        out = []
        i = 0
        j = 0
        while i < len(left) and j < len(right):
            if left[i] >= right[j]:
                out.append(left[i])
                i += 1
            else:
                out.append(right[j])
                j += 1
        return out + left[i:] + right[j:]
    return order(lst)[:k]
