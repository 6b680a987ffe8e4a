"""`python -m cloudgen`, and the entry point of the command `cloudgen`."""

from __future__ import annotations

import sys

from cloudgen.cli import run


def main() -> None:
    """Run the command line and end the process with its exit code."""
    sys.exit(run())


if __name__ == "__main__":
    main()
