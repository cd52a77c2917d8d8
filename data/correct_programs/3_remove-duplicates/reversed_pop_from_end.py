def remove_extras(lst):
    stack = lst[::-1]
    new_list = []
    while stack:
        top = stack.pop()
        if top not in new_list:
            new_list.append(top)
    return new_list
