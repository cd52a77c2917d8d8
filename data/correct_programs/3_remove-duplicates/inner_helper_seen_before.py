def remove_extras(lst):
    def seen_before(pos):
        return lst[pos] in lst[:pos]

    answer = []
    for p in range(len(lst)):
        if not seen_before(p):
            answer.append(lst[p])
    return answer
