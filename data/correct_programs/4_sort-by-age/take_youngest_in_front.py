def sort_age(lst):
    result = []
    rest = list(lst)
    while rest:
        y = min(rest, key=lambda p: p[1])
        rest.remove(y)
        result = [y] + result
    return result
