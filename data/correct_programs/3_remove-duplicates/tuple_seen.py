def remove_extras(lst):
    seen = ()
    new_lst = []
    for i in lst:
        if i not in seen:
            seen = seen + (i,)
            new_lst = new_lst + [i]
    return new_lst
