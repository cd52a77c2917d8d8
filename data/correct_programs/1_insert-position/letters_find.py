def search(x, seq):
    marks = ""
    for v in seq:
        if v < x:
            marks += "s"
        else:
            marks += "b"
    return (marks + "b").find("b")
