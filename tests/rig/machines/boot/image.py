"""The image that the machines run: Debian's Python and an application, in one layer, as a registry holds it."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import re
import subprocess
import tarfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

APPLICATION = Path(__file__).with_name("application.py")
LAYER = "application/vnd.docker.image.rootfs.diff.tar.gzip"
CONFIG = "application/vnd.docker.container.image.v1+json"
MANIFEST = "application/vnd.docker.distribution.manifest.v2+json"


@dataclass(frozen=True)
class Image:
    """An image: its manifest's digest, and everything that a registry hands out, by digest."""

    digest: str
    parts: Mapping[str, tuple[str, bytes]]
    """Media types and contents."""


def make_image(root: Path) -> Image:
    """Make the image out of the disk of a machine. `press.web` and `press.printer` are the same application."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as tar:
        for path in ("lib", "lib64"):
            if (root / path).is_symlink():
                tar.add(root / path, path)
        for path in _files(root):
            tar.add(root / path, path, recursive=False)
        _link(tar, "usr/bin/python", "python3.11")
        for name in ("web", "printer"):
            tar.add(APPLICATION, f"app/press/{name}.py")
        for name, mode in (("tmp", 0o1777), ("app/cache", 0o755)):
            _folder(tar, name, mode)
    raw = buffer.getvalue()
    layer = gzip.compress(raw, 1)
    settings = {
        "User": "10001",
        "WorkingDir": "/app",
        "Env": ["PATH=/usr/bin", "PYTHONUNBUFFERED=1"],
        "Cmd": ["python", "-m", "press.web"],
    }
    config = _json(
        architecture="amd64", os="linux", config=settings, rootfs={"type": "layers", "diff_ids": [_digest(raw)]}
    )
    described = (_described(CONFIG, config), _described(LAYER, layer))
    manifest = _json(schemaVersion=2, mediaType=MANIFEST, config=described[0], layers=[described[1]])
    kinds = ((MANIFEST, manifest), (CONFIG, config), (LAYER, layer))
    return Image(_digest(manifest), {_digest(content): (kind, content) for kind, content in kinds})


def _files(root: Path) -> list[str]:
    """Return Python's program, its library, and the libraries that both are linked with."""
    library = "usr/lib/python3.11"
    left_out = re.compile(r"__pycache__|/(test|idlelib|pydoc_data|lib2to3|ensurepip)/")
    found = [each for each in (root / library).rglob("*") if not left_out.search(f"{each}/")]
    own = [each.relative_to(root).as_posix() for each in found if not each.is_dir()]
    linked = ["usr/bin/python3.11", *(each for each in own if each.endswith(".so"))]
    said = _in_root(root, "ldd", *(f"/{each}" for each in linked))
    libraries = set(re.findall(r"(?:=> |^\s+)/(\S+) \(0x", said, re.MULTILINE))
    real = {each.lstrip("/") for each in _in_root(root, "realpath", *(f"/{each}" for each in libraries)).split()}
    # Through the links of a merged /usr.
    resolved = {each if each.startswith("usr/") else f"usr/{each}" for each in libraries}
    return sorted({"usr/bin/python3.11", *own, *resolved, *real})


def _in_root(root: Path, *command: str) -> str:
    done = subprocess.run(["chroot", root, *command], capture_output=True, text=True, check=False)
    return done.stdout


def _link(tar: tarfile.TarFile, name: str, target: str) -> None:
    entry = tarfile.TarInfo(name)
    entry.type, entry.linkname = tarfile.SYMTYPE, target
    tar.addfile(entry)


def _folder(tar: tarfile.TarFile, name: str, mode: int) -> None:
    entry = tarfile.TarInfo(name)
    entry.type, entry.mode, entry.uid, entry.gid = tarfile.DIRTYPE, mode, 10001, 10001
    tar.addfile(entry)


def _json(**content: object) -> bytes:
    return json.dumps(content).encode()


def _digest(content: bytes) -> str:
    return f"sha256:{hashlib.sha256(content).hexdigest()}"


def _described(kind: str, content: bytes) -> dict[str, object]:
    return {"mediaType": kind, "size": len(content), "digest": _digest(content)}
