"""A CPython of this machine, moved to /usr/local like that of the official image: no tests, no packages but pip."""

from __future__ import annotations

import io
import os
import re
import shutil
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator
from pathlib import Path


def find_prefix(version: str) -> Path | None:
    """Return the folder of a CPython of that minor version that lies in a folder of its own; Debian's does not."""
    names = [f"python{version}", "python3"]
    folders = [Path(part) for part in os.environ.get("PATH", os.defpath).split(os.pathsep)]
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"), "versions")
    installed = sorted(pyenv.glob(f"{version}.*"), key=_numbers, reverse=True) if pyenv.is_dir() else []
    candidates = [
        *(path / "bin" / names[0] for path in installed),
        *(path / name for path in folders for name in names),
    ]
    for candidate in candidates:
        prefix = _prefix(candidate, version)
        if prefix is not None and prefix not in {Path("/usr"), Path("/")}:
            return prefix
    return None


def _numbers(path: Path) -> list[int]:
    return [int(part) for part in re.findall(r"\d+", path.name)]


def _prefix(interpreter: Path, version: str) -> Path | None:
    if not os.access(interpreter, os.X_OK):
        return None
    code = "import sys; print('%d.%d' % sys.version_info[:2], sys.base_prefix)"
    try:
        run = subprocess.run([interpreter, "-c", code], capture_output=True, text=True, timeout=30, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return None
    found, _, prefix = run.stdout.strip().partition(" ")
    return Path(prefix) if run.returncode == 0 and found == version else None


def pack(prefix: Path, version: str, target: Path) -> None:
    """Write the tree to a tar file whose paths start at /usr/local."""
    library = f"lib/python{version}"
    with tarfile.open(target, "w") as tar, tempfile.TemporaryDirectory() as scratch:
        for path, name in _members(prefix, library):
            if path.is_symlink():
                if not os.path.isabs(os.readlink(path)):  # noqa: PTH115, PTH117
                    tar.add(path, name)
                continue
            data = _content(path, prefix, version, Path(scratch))
            entry = tar.gettarinfo(path, name)
            entry.size, entry.uid, entry.gid, entry.uname, entry.gname = len(data), 0, 0, "root", "root"
            tar.addfile(entry, io.BytesIO(data))
        for name, destination in (("bin/python3", f"python{version}"), ("bin/python", "python3")):
            if not (prefix / name).is_symlink():
                entry = tarfile.TarInfo(name)
                entry.type, entry.linkname = tarfile.SYMTYPE, destination
                tar.addfile(entry)


def _members(prefix: Path, library: str) -> Iterator[tuple[Path, str]]:
    left_out = re.compile(
        rf"(^|/)__pycache__(/|$)|^{library}/test(/|$)|/idle_test(/|$)|libpython.*\.a$|^share(/|$)"
        rf"|^{library}/lib-dynload/_tkinter"
    )
    pip_only = re.compile(rf"^{library}/site-packages/(?!pip(-[^/]*)?(/|$))")
    programs = re.compile(r"^bin/(?!(python|pip|pydoc|idle|2to3)[\w.-]*$)")
    for folder, folders, files in os.walk(prefix):
        below = Path(folder).relative_to(prefix)
        folders[:] = [name for name in folders if not left_out.search((below / name).as_posix())]
        links = [name for name in folders if Path(folder, name).is_symlink()]
        for file in sorted(files + links):
            name = (below / file).as_posix()
            unwanted = left_out.search(name) or pip_only.search(name) or programs.search(name)
            if not unwanted and name.startswith(("bin/", "lib/", "include/")):
                yield Path(folder, file), name


def _content(path: Path, prefix: Path, version: str, scratch: Path) -> bytes:
    """Return a file as it is in the image: binaries without symbols, texts without the machine's path."""
    data = path.read_bytes()
    if data.startswith(b"\x7fELF") and shutil.which("strip"):
        copy = scratch / "binary"
        shutil.copy(path, copy)
        subprocess.run(["strip", "--strip-unneeded", copy], capture_output=True, check=False)
        return copy.read_bytes()
    if b"\0" in data[:4096]:
        return data
    interpreter = f"#!/usr/local/bin/python{version}".encode()
    return re.sub(rb"\A#!.*python[\d.]*", interpreter, data).replace(str(prefix).encode(), b"/usr/local")
