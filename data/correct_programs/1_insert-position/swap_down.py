def search(x, seq):
    lst = list(seq) + [x]
    i = len(lst) - 1
    while i > 0 and lst[i-1] >= lst[i]:
        lst[i-1], lst[i] = lst[i], lst[i-1]
        i -= 1
    return i
