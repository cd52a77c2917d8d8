def remove_extras(lst):
    out = []
    for item in lst:
        for o in out:
            if o == item:
                break
        else:
            out.append(item)
    return out
