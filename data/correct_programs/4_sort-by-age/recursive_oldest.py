def sort_age(lst):
    if len(lst)<=1:
        return lst
    oldest=lst[0]
    for p in lst:
        if p[1] > oldest[1]:
            oldest=p
    lst.remove(oldest)
    return [oldest] + sort_age(lst)
