def top_k(lst, k):
    down = []
    for x in lst:
        for i in range(len(down)):
            if x > down[i]:
                down.insert(i, x)
                break
        else:
            down.append(x)
    return down[:k]
