"""`python -m cloudgen`, and the entry point of the command `cloudgen`."""

from __future__ import annotations

import gc
import os
import sys
from typing import NoReturn

from cloudgen.cli import run


def main() -> NoReturn:
    """Run the command line and end the process with its exit code.

    A command is short, so nothing is collected, and what it holds is left to the system when it ends: both together
    take as long as a whole `python -c pass`.
    """
    gc.disable()
    code = run()
    try:
        for stream in (sys.stdout, sys.stderr):
            if stream is not None:
                stream.flush()
    except (OSError, ValueError):
        # Nobody reads any more, or the disk is full: the interpreter knows how to end then.
        sys.exit(code)
    os._exit(code)


if __name__ == "__main__":
    main()
