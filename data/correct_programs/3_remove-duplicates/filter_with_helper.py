def remove_extras(lst):
    done = []
    def is_new(x):
        if x in done:
            return False
        done.append(x)
        return True
    return list(filter(is_new, lst))
