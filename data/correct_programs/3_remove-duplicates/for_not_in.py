def remove_extras(lst):
    clean=[]
    for thing in lst:
        if thing not in clean:
            clean.append(thing)
    return clean
