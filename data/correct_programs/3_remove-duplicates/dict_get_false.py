def remove_extras(lst):
    seen = {}
    result = []
    for w in lst:
        if seen.get(w, False) == False:
            result.append(w)
        seen[w] = True
    return result
