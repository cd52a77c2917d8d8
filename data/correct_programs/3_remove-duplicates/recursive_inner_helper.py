def remove_extras(lst):
    def helper(i, res):
        if i == len(lst):
            return res
        if lst[i] not in res:
            res.append(lst[i])
        return helper(i + 1, res)
    return helper(0, [])
