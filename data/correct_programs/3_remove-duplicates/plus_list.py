def remove_extras(lst):
    answer = []
    for number in lst:
        if number not in answer:
            answer = answer + [number]
    return answer
