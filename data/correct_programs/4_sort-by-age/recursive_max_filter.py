def sort_age(lst):
    if not lst:
        return []
    oldest = max(lst, key=lambda p: p[1])
    others = [p for p in lst if p != oldest]
    return [oldest] + sort_age(others)
