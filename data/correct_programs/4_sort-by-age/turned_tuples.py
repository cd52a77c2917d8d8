def sort_age(lst):
    turned = []
    for gender, age in lst:
        turned.append((age, gender))
    turned.sort(reverse=True)
    back = []
    for age, gender in turned:
        back.append((gender, age))
    return back
