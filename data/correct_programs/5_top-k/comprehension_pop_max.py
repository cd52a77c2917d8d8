def top_k(lst, k):
    nums = lst.copy()
    return [nums.pop(nums.index(max(nums))) for i in range(k)]
