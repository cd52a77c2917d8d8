def remove_extras(lst):
    result = list(lst)
    for item in lst:
        while result.count(item) > 1:
            pos = len(result) - 1
            while result[pos] != item:
                pos -= 1
            result.pop(pos)
    return result
