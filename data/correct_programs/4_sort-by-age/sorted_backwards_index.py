def sort_age(lst):
    s = sorted(lst, key=lambda person: person[1])
    final = []
    for i in range(len(s) - 1, -1, -1):
        final.append(s[i])
    return final
