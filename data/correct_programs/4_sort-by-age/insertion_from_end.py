def sort_age(lst):
    result = []
    for i in range(len(lst)):
        person = lst[i]
        spot = len(result)
        while spot > 0 and person[1] > result[spot - 1][1]:
            spot -= 1
        result = result[:spot] + [person] + result[spot:]
    return result
