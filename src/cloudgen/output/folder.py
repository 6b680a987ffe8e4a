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

_TEMPORARY = (".cloudgen-", ".tmp")
_READ_FOLDER = os.O_RDONLY | getattr(os, "O_DIRECTORY", 0) | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0)
_READ_FILE = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0)
_CREATE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0)


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
    _open: dict[str, int] = field(default_factory=dict)
    _made: list[str] = field(default_factory=list)

    def __enter__(self) -> Self:
        if os.open not in os.supports_dir_fd:
            raise OutputError("cloudgen writes files on Linux and macOS only; on Windows use WSL")
        try:
            if self.create:
                self.path.mkdir(parents=True, exist_ok=True)
            self._open[""] = os.open(self.path, _READ_FOLDER)
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

    def read(self, path: str) -> bytes | None:
        """Return a file's content, or None when there is no file. Raises `OutputError`, also for a special file."""
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
            if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                raise OutputError(f"{self.shown(path)} is not a regular file: cloudgen does not touch it")
            with os.fdopen(descriptor, "rb", closefd=False) as file:
                return file.read()
        except OSError as error:
            raise self.failure(error, path) from error
        finally:
            os.close(descriptor)

    def stage(self, path: str, content: bytes, *, executable: bool = False) -> Staged:
        """Write a file under a temporary name in its folder and to the disk; `publish` then gives it its own."""
        temporary = _name(path).join(_TEMPORARY)
        parent: int | None = None
        try:
            parent = self._parent(path, make=True)
            assert parent is not None  # noqa: S101  # it was made
            descriptor = os.open(temporary, _CREATE, 0o777 if executable else 0o666, dir_fd=parent)
            with os.fdopen(descriptor, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(descriptor)
        except BaseException as error:
            if parent is not None:
                with suppress(OSError):
                    os.unlink(temporary, dir_fd=parent)
            if isinstance(error, OSError):
                raise self.failure(error, path) from error
            raise
        return Staged(path, parent, temporary)

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
        """Remove the temporary files that a killed run left beside these files."""
        start, end = _TEMPORARY
        for folder in {path.rpartition("/")[0] for path in paths} | {""}:
            descriptor = self._folder(folder)
            if descriptor is None:
                continue
            with os.scandir(descriptor) as entries:
                left = [entry.name for entry in entries if entry.name.startswith(start) and entry.name.endswith(end)]
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
