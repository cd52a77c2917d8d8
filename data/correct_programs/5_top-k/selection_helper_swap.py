def swap(l, a, b):
    temp = l[a]
    l[a] = l[b]
    l[b] = temp

def top_k(lst, k):
    copy = lst[:]
    for i in range(len(copy)):
        big = i
        for j in range(i + 1, len(copy)):
            if copy[j] > copy[big]:
                big = j
        swap(copy, i, big)
    return copy[:k]
