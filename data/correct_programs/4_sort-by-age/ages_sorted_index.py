def sort_age(lst):
    ages = []
    for i in range(len(lst)):
        ages.append(lst[i][1])
    in_order = sorted(ages, reverse=True)
    answer = []
    for a in in_order:
        answer.append(lst[ages.index(a)])
    return answer
