def top_k(lst, k):
    if k == 0:
        return []
    rest = list(lst)
    rest.remove(max(lst))
    answer = [max(lst)]
    answer.extend(top_k(rest, k - 1))
    return answer
