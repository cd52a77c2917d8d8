def remove_extras(lst):
    ans = []
    for i in range(len(lst)):
        if lst[:i+1].count(lst[i]) == 1:
            ans.append(lst[i])
    return ans
