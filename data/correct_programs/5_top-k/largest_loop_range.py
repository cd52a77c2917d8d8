def top_k(lst, k):
    final = []
    while lst != []:
        biggest = lst[0]
        for i in range(len(lst)):
            if lst[i] > biggest:
                biggest = lst[i]
        final.append(biggest)
        lst.remove(biggest)
    return final[0:k]
