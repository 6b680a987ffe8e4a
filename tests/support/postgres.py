"""A PostgreSQL server for the example's container: with data of its own, on a free port of this machine."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from support.tools import MissingToolError

ACCOUNT = "nobody"
"""Who runs the server where the tests run as root, which PostgreSQL refuses."""


@dataclass(frozen=True)
class Postgres:
    """A running server."""

    port: int
    user: str
    password: str
    database: str


def find_postgres(folder: Path, stack: ExitStack) -> Path:
    """Return the folder with the server's programs: the newest of Debian's, or where PATH has them."""
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"), key=lambda path: int(path.parts[-3]))
    found = [str(path) for path in reversed(debian)] + [path for path in [shutil.which("postgres")] if path]
    for path in found:
        if Path(path).with_name("initdb").is_file():
            return Path(path).parent
    raise MissingToolError("there is no PostgreSQL server: apt-get install postgresql")


@contextmanager
def running(programs: Path, database: str) -> Iterator[Postgres]:
    """Start a server with one database, and stop it at the end."""
    account = ACCOUNT if os.geteuid() == 0 else None
    password = "only-for-this-test"
    with tempfile.TemporaryDirectory(prefix="cloudgen-postgres-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        (folder / "password").write_text(password)
        if account is not None:
            entry = pwd.getpwnam(account)
            for path in (folder, folder / "password"):
                os.chown(path, entry.pw_uid, entry.pw_gid)
        initdb = [
            str(programs / "initdb"),
            "--pgdata",
            f"{folder}/data",
            "--username",
            "app",
            "--auth",
            "scram-sha-256",
        ]
        subprocess.run(
            [*initdb, "--pwfile", f"{folder}/password", "--encoding", "UTF8", "--no-sync"],
            user=account,
            cwd=folder,
            capture_output=True,
            check=True,
            timeout=120,
        )
        port = _free_port()
        server = [str(programs / "postgres"), "-D", f"{folder}/data", "-p", str(port), "-k", name, "-h", "127.0.0.1"]
        with (folder / "log").open("wb") as log:
            process = subprocess.Popen([*server, "-F"], user=account, cwd=folder, stdout=log, stderr=log)
        try:
            _create(programs, database, port, password, process, folder / "log")
            yield Postgres(port, "app", password, database)
        finally:
            process.terminate()
            process.wait(timeout=30)


def _create(
    programs: Path, database: str, port: int, password: str, process: subprocess.Popen[bytes], log: Path
) -> None:
    """Create the database as soon as the server accepts connections."""
    command = [str(programs / "psql"), "-h", "127.0.0.1", "-p", str(port), "-U", "app", "-d", "postgres"]
    for _ in range(100):
        run = subprocess.run(
            [*command, "-c", f'create database "{database}"'],
            env={**os.environ, "PGPASSWORD": password},
            capture_output=True,
            timeout=30,
            check=False,
        )
        if run.returncode == 0:
            return
        if process.poll() is not None:
            break
        time.sleep(0.1)
    raise RuntimeError(f"PostgreSQL did not start:\n{log.read_text(errors='replace')[-2000:]}")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
