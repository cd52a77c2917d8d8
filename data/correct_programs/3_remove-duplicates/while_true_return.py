def remove_extras(lst):
    rest = lst[:]
    done = []
    while True:
        if rest == []:
            return done
        if rest[0] not in done:
            done.append(rest[0])
        rest = rest[1:]
