def remove_extras(lst):
    def helper(rest, acc):
        if rest == []:
            return acc
        if rest[0] in acc:
            return helper(rest[1:], acc)
        return helper(rest[1:], acc + [rest[0]])
    return helper(lst, [])
