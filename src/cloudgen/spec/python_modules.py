"""Modules of Python's own that web servers import before the application, which cannot have their names.

Seen in `sys.modules` of both uvicorn and gunicorn, on Python 3.11. The first module of a name that is imported is kept:
https://docs.python.org/3/reference/import.html#the-module-cache
"""

from __future__ import annotations

NAMES = (
    "abc array ast atexit base64 binascii bisect builtins bz2 calendar codecs collections concurrent contextlib "
    "copy copyreg datetime dis email encodings enum errno fcntl fnmatch functools genericpath gettext heapq "
    "importlib inspect io ipaddress itertools keyword linecache locale logging lzma marshal math ntpath opcode "
    "operator os pathlib platform posix posixpath queue quopri random re reprlib select selectors shutil signal "
    "site socket ssl stat string struct sys tempfile textwrap threading time token tokenize traceback types "
    "typing urllib warnings weakref zipimport zlib "
)
TAKEN = frozenset(NAMES.split())
