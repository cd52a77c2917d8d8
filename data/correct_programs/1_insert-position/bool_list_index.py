def search(x, seq):
    checks = []
    for n in seq:
        checks.append(x <= n)
    if True in checks:
        return checks.index(True)
    return len(checks)
