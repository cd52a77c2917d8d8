def top_k(lst, k):
    nums = list(lst)
    i = 0
    while i < k:
        j = i + 1
        while j < len(nums):
            if nums[j] > nums[i]:
                nums[i], nums[j] = nums[j], nums[i]
            j += 1
        i += 1
    return nums[:k]
