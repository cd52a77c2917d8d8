"""The script that a sandbox starts with."""

import os  # noqa: F401  a new interpreter loads os and site
import site  # noqa: F401
import sys

FRESH = frozenset(sys.modules)

if __name__ == "__main__":
    sys.path.insert(0, __file__.rpartition("/inside/")[0] or "/")
    from inside.zygote import main  # what it loads, programs must not find loaded

    del sys.path[0]
    main(FRESH)
