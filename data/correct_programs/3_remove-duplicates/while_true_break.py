def remove_extras(lst):
    final = []
    pos = 0
    while True:
        if pos == len(lst):
            break
        cur = lst[pos]
        if cur not in final:
            final.append(cur)
        pos += 1
    return final
