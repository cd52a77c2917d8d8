def remove_extras(lst):
    marks = []
    for i in range(len(lst)):
        if lst[i] in lst[:i]:
            marks.append(0)
        else:
            marks.append(1)
    return [x for x, m in zip(lst, marks) if m == 1]
