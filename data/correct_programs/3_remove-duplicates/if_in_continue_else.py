def remove_extras(lst):
    final = []
    for elem in lst:
        if elem in final:
            continue
        else:
            final.append(elem)
    return final
