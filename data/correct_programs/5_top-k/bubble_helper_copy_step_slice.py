def bubble(l):
    l = l.copy()
    end = len(l) - 1
    while end > 0:
        for i in range(end):
            if l[i] > l[i+1]:
                t = l[i+1]
                l[i+1] = l[i]
                l[i] = t
        end -= 1
    return l

def top_k(lst, k):
    return bubble(lst)[::-1][:k]
