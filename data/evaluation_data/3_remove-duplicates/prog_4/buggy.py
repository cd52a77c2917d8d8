def remove_extras(lst):
    """keeps the first copy of everything"""
    ans = []
    for a in lst:
        same = 0
        for b in ans:
            if a == b:
                same += 1
            if same == 0:
                ans.append(a)
    return ans
