def sort_age(lst):
    end = len(lst) - 1
    while end > 0:
        # bring the youngest of lst[0..end] to the end
        small = lst[0]
        for c in range(end):
            if lst[c][1] < lst[small][1]:
                small = c
        lst[small], lst[end] = lst[end], lst[small]
        end = end - 1
    return lst
