def sort_age(lst):
    ages = [lst[i][1] for i in range(len(lst))]
    answer = []
    for n in range(len(lst)):
        where = ages.index(max(ages))
        answer.append(lst[where])
        ages.pop(where)
    return answer
    pass
