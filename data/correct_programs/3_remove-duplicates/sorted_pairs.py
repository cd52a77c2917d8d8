def remove_extras(lst):
    pairs = []
    for value in set(lst):
        pairs.append((lst.index(value), value))
    pairs.sort()
    answer = []
    for pair in pairs:
        answer.append(pair[1])
    return answer
