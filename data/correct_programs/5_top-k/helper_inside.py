def top_k(lst, k):
    def biggest(values):
        b = values[0]
        for i in range(len(values)):
            if values[i] > b:
                b = values[i]
        return b
    ans = []
    while len(ans) != k:
        b = biggest(lst)
        lst.remove(b)
        ans.append(b)
    return ans
