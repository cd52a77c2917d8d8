def is_first(lst, i):
    for j in range(i):
        if lst[j] == lst[i]:
            return False
    return True

def remove_extras(lst):
    return [lst[i] for i in range(len(lst)) if is_first(lst, i)]
