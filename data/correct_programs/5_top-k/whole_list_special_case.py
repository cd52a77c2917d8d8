def top_k(lst, k):
    if k == 0:
        return []
    if len(lst) == 1:
        return [lst[0]]
    biggest = max(lst)
    rest = []
    rest.extend(lst)
    rest.remove(biggest)
    answer = top_k(rest, k - 1)
    answer.insert(0, biggest)
    return answer
