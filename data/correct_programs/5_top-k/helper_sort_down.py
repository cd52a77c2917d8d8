def sort_down(numbers):
    done = []
    while numbers:
        big = max(numbers)
        done.append(big)
        numbers.remove(big)
    return done

def top_k(lst, k):
    return sort_down(lst)[:k]
