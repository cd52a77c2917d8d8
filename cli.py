"""python cli.py <command> …: see python cli.py --help."""

import sys

from feedback_lightning.cli import main

if __name__ == "__main__":
    sys.exit(main())
