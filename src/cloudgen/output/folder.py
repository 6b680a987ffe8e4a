"""The output folder: reads, writes and removes files in it, and never anywhere else.

Every folder below the output folder is opened by its own name relative to the one above, without following symbolic
links, so a link that somebody planted leads nowhere, not even when it appears while cloudgen runs.
"""

from __future__ import annotations

import errno
import os
import stat
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

from cloudgen.dataclass import dataclass, field
from cloudgen.errors import OutputError
from cloudgen.output import temporary

LARGEST = 16 * 1024 * 1024
"""Bytes of a file that are read: cloudgen writes none that is larger, so what is longer is not its own."""
_READ_FOLDER = os.O_RDONLY | getattr(os, "O_DIRECTORY", 0) | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0)
_READ_ANCHOR = os.O_RDONLY | getattr(os, "O_DIRECTORY", 0) | getattr(os, "O_CLOEXEC", 0)
_READ_FILE = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0)


@dataclass(frozen=True)
class Staged:
    """A file that was written completely, under its temporary name."""

    path: str
    parent: int
    temporary: str


@dataclass
class Folder:
    """An open output folder. With `create` it is made when it is missing, and locked against a second cloudgen."""

    path: Path
    create: bool = False
    anchor: Path | None = None
    """Where cloudgen's own way begins: from here to `path` no symbolic link is followed. None: the user stated it."""
    _modes: dict[str, int] = field(default_factory=dict)
    _open: dict[str, int] = field(default_factory=dict)
    _made: list[str] = field(default_factory=list)

    def __enter__(self) -> Self:
        if os.open not in os.supports_dir_fd:
            raise OutputError("cloudgen writes files on Linux and macOS only; on Windows use WSL")
        try:
            self._open[""] = self._stated() if self.anchor is None else self._anchored(self.anchor)
        except OSError as error:
            if isinstance(error, FileNotFoundError) and not self.create:
                return self
            raise self.failure(error, "") from error
        try:
            if self.create:
                self._lock()
        except BaseException:
            self.__exit__(None, None, None)
            raise
        return self

    def _stated(self) -> int:
        if self.create:
            self.path.mkdir(parents=True, exist_ok=True)
        return os.open(self.path, _READ_FOLDER)

    def _anchored(self, anchor: Path) -> int:
        """Go to the folder step by step: a link on the way, which a repository may bring along, would lead anywhere."""
        here = os.open(anchor, _READ_ANCHOR)
        for part in self.path.relative_to(anchor).parts:
            try:
                if self.create:
                    with suppress(FileExistsError):
                        os.mkdir(part, dir_fd=here)
                below = os.open(part, _READ_FOLDER, dir_fd=here)
            finally:
                os.close(here)
            here = below
        return here

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if "" in self._open:
            self._unlock()
        for descriptor in self._open.values():
            os.close(descriptor)
        self._open.clear()

    def shown(self, path: str) -> str:
        """Return a file's path as messages name it."""
        return str(self.path / path) if path else str(self.path)

    def failure(self, error: OSError, path: str) -> OutputError:
        """Say what an error of the operating system means for this file."""
        shown = self.shown(path)
        if error.errno in (errno.ELOOP, errno.EMLINK):
            return OutputError(f"{shown} is a symbolic link: cloudgen follows none below its output folder")
        if error.errno in (errno.ENOTDIR, errno.EEXIST):
            return OutputError(f"{shown} is not a folder, or it is reached through a symbolic link or a file")
        return OutputError(f"{shown}: {error.strerror or error}")

    def read(self, path: str, limit: int = LARGEST) -> bytes | None:
        """Return a file's content, or None when there is no file. One byte more than `limit` means that it is longer.

        Raises `OutputError`, also for a special file.
        """
        try:
            parent = self._parent(path)
            if parent is None:
                return None
            descriptor = os.open(_name(path), _READ_FILE, dir_fd=parent)
        except FileNotFoundError:
            return None
        except OSError as error:
            raise self.failure(error, path) from error
        try:
            mode = os.fstat(descriptor).st_mode
            if not stat.S_ISREG(mode):
                raise OutputError(f"{self.shown(path)} is not a regular file: cloudgen does not touch it")
            self._modes[path] = stat.S_IMODE(mode)
            with os.fdopen(descriptor, "rb", closefd=False) as file:
                return file.read(limit + 1) or b""
        except OSError as error:
            raise self.failure(error, path) from error
        finally:
            os.close(descriptor)

    def may_run(self, path: str) -> bool:
        """Tell whether the owner may execute a file that was read."""
        return bool(self._modes.get(path, 0) & stat.S_IXUSR)

    def is_taken(self, path: str) -> bool:
        """Tell whether a folder, or anything else that cloudgen never makes, has taken the place of a file.

        A symbolic link is none of these: whoever reads the path refuses it.
        """
        parts = path.split("/")
        for end in range(1, len(parts) + 1):
            parent = self._folder("/".join(parts[: end - 1]))
            if parent is None:
                return False
            try:
                mode = os.stat(parts[end - 1], dir_fd=parent, follow_symlinks=False).st_mode
            except OSError:
                return False
            if stat.S_ISLNK(mode):
                return False
            if not (stat.S_ISDIR(mode) if end < len(parts) else stat.S_ISREG(mode)):
                return True
        return False

    def stage(self, path: str, content: bytes, *, executable: bool = False) -> Staged:
        """Write a file under a temporary name in its folder and to the disk; `publish` then gives it its own."""
        name = ""
        parent: int | None = None
        try:
            parent = self._parent(path, make=True)
            assert parent is not None  # noqa: S101  # it was made
            descriptor, name = temporary.create(_name(path), parent, 0o777 if executable else 0o666)
            with os.fdopen(descriptor, "wb") as file:
                if path in self._modes:
                    os.fchmod(descriptor, temporary.kept_mode(self._modes[path], executable=executable))
                file.write(content)
                file.flush()
                os.fsync(descriptor)
        except BaseException as error:
            if parent is not None and name:
                with suppress(OSError):
                    os.unlink(name, dir_fd=parent)
            if isinstance(error, OSError):
                raise self.failure(error, path) from error
            raise
        return Staged(path, parent, name)

    def publish(self, staged: Staged) -> None:
        """Put a staged file in place of what is there, in one step."""
        try:
            os.replace(staged.temporary, _name(staged.path), src_dir_fd=staged.parent, dst_dir_fd=staged.parent)
        except OSError as error:
            raise self.failure(error, staged.path) from error

    def discard(self, staged: list[Staged]) -> None:
        """Remove staged files that were not published, and the folders that were made for them."""
        for file in staged:
            with suppress(OSError):
                os.unlink(file.temporary, dir_fd=file.parent)
        for folder in reversed(self._made):
            self._remove_folder(folder)

    def remove(self, path: str) -> None:
        """Remove a file; it may be gone already."""
        try:
            parent = self._parent(path)
            if parent is not None:
                os.unlink(_name(path), dir_fd=parent)
        except FileNotFoundError:
            return
        except OSError as error:
            raise self.failure(error, path) from error

    def prune(self, path: str) -> None:
        """Remove the folders above a removed file for as long as they are empty, up to the output folder."""
        folder = path
        while "/" in folder:
            folder = folder.rpartition("/")[0]
            if not self._remove_folder(folder):
                return

    def sweep(self, paths: tuple[str, ...]) -> None:
        """Remove the temporary files that a killed run left beside these files, and no others."""
        beside: dict[str, set[str]] = {}
        for path in paths:
            folder, _, name = path.rpartition("/")
            beside.setdefault(folder, set()).add(name)
        for folder, own in beside.items():
            descriptor = self._folder(folder)
            if descriptor is None:
                continue
            with os.scandir(descriptor) as entries:
                left = [entry.name for entry in entries if temporary.belongs_to(entry.name) in own]
            for name in left:
                with suppress(OSError):
                    os.unlink(name, dir_fd=descriptor)

    def sync(self) -> None:
        """Make renames and removals survive a loss of power."""
        for folder, descriptor in self._open.items():
            try:
                os.fsync(descriptor)
            except OSError as error:
                raise self.failure(error, folder) from error

    def _parent(self, path: str, *, make: bool = False) -> int | None:
        return self._folder(path.rpartition("/")[0], make=make)

    def _folder(self, folder: str, *, make: bool = False) -> int | None:
        """Return the descriptor of a folder, or None when it does not exist."""
        if folder in self._open:
            return self._open[folder]
        if not folder:
            return None
        above = self._folder(folder.rpartition("/")[0], make=make)
        if above is None:
            return None
        try:
            if make:
                try:
                    os.mkdir(_name(folder), dir_fd=above)
                    self._made.append(folder)
                except FileExistsError:
                    pass
            self._open[folder] = os.open(_name(folder), _READ_FOLDER, dir_fd=above)
        except FileNotFoundError:
            return None
        except OSError as error:
            raise self.failure(error, folder) from error
        return self._open[folder]

    def _remove_folder(self, folder: str) -> bool:
        """Remove a folder if it is empty, and tell whether it is gone."""
        above = self._parent(folder)
        if above is None:
            return True
        try:
            os.rmdir(_name(folder), dir_fd=above)
        except FileNotFoundError:
            return True
        except OSError:
            return False
        if (descriptor := self._open.pop(folder, None)) is not None:
            os.close(descriptor)
        return True

    def _lock(self) -> None:
        """Keep a second cloudgen out until this one closes the folder."""
        import fcntl  # not on every system; `__enter__` checked

        try:
            fcntl.flock(self._open[""], fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise OutputError(f"another cloudgen is writing to {self.path}: wait until it is done") from error
        except OSError as error:
            if error.errno not in (errno.ENOTSUP, errno.ENOSYS, errno.ENOLCK):  # some network file systems
                raise self.failure(error, "") from error

    def _unlock(self) -> None:
        """Let others in. Closing is not enough: a process that is just being started may still share the descriptor."""
        import fcntl  # not on every system; `__enter__` checked

        with suppress(OSError):
            fcntl.flock(self._open[""], fcntl.LOCK_UN)


def _name(path: str) -> str:
    return path.rpartition("/")[2]
