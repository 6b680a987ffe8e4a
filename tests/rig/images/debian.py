"""The root file system of a Debian container, packed from the packages that are installed on this Debian machine."""

from __future__ import annotations

import io
import os
import re
import tarfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

STATUS = Path("/var/lib/dpkg/status")
INFO = Path("/var/lib/dpkg/info")

WANTED = [
    "adduser",
    "apt",
    "base-files",
    "base-passwd",
    "bash",
    "ca-certificates",
    "coreutils",
    "dpkg",
    "libbz2-1.0",
    "libcrypt1",
    "libexpat1",
    "libffi8",
    "liblzma5",
    "libncursesw6",
    "libnsl2",
    "libreadline8",
    "libsqlite3-0",
    "libssl3",
    "libuuid1",
    "login",
    "mawk",
    "mount",
    "netbase",
    "passwd",
    "sysvinit-utils",
    "tzdata",
    "util-linux",
    "zlib1g",
]
"""What the official Python image has beyond Debian's essential packages, and apt to install more."""

LEFT_OUT = re.compile(
    r"^/usr/share/(man|info|locale|i18n|doc/(?!.*copyright)|lintian|bash-completion)"
    # PostgreSQL's compiler of long queries, 100 MB, which it does without where it is missing.
    r"|^/usr/lib/[^/]+/libLLVM"
)

FOLDERS = {
    **dict.fromkeys(("tmp", "var/tmp"), 0o1777),
    **dict.fromkeys(("proc", "sys"), 0o555),
    "root": 0o700,
    **dict.fromkeys(
        [
            "run",
            "dev",
            "home",
            "srv",
            "opt",
            "etc/ssl/certs",
            "usr/local/bin",
            "usr/local/lib",
            "var/lib/dpkg/updates",
            "var/lib/dpkg/triggers",
            "var/lib/apt/lists/partial",
            "var/cache/apt/archives/partial",
        ],
        0o755,
    ),
}
MERGED = ("bin", "sbin", "lib", "lib32", "lib64", "libx32")
"""What is a link into /usr on a merged system."""

TAKEN = [
    "adduser.conf",
    "debconf.conf",
    "host.conf",
    "ld.so.conf",
    "localtime",
    "login.defs",
    "nsswitch.conf",
    "profile",
    "timezone",
    "alternatives/awk",
    "apt/sources.list",
    "apt/sources.list.d/debian.sources",
]
"""Configuration in /etc that no package's list names; the sources are those by which this machine reaches Debian."""

PAM = {
    "auth": "nullok",
    "account": "",
    "password": "obscure yescrypt",
    "session": "",
    "session-noninteractive": "",
}
"""What the script of libpam-runtime writes."""


@dataclass
class _Archive:
    tar: tarfile.TarFile
    names: set[str] = field(default_factory=set)

    def text(self, name: str, content: str | bytes = "", mode: int = 0o644) -> None:
        data = content.encode() if isinstance(content, str) else content
        entry = tarfile.TarInfo(name)
        entry.size, entry.mode = len(data), mode
        self.tar.addfile(entry, io.BytesIO(data))
        self.names.add(name)

    def folder(self, name: str, mode: int) -> None:
        entry = tarfile.TarInfo(name)
        entry.type, entry.mode = tarfile.DIRTYPE, mode
        self.tar.addfile(entry)
        self.names.add(name)

    def link(self, name: str, target: str) -> None:
        entry = tarfile.TarInfo(name)
        entry.type, entry.linkname = tarfile.SYMTYPE, target
        self.tar.addfile(entry)
        self.names.add(name)

    def host_path(self, path: str) -> None:
        # Through the links of a merged /usr, so that nothing is packed twice.
        real = os.path.join(os.path.realpath(os.path.dirname(path)), os.path.basename(path))  # noqa: PTH118, PTH119, PTH120
        name = real.lstrip("/")
        if name and name not in self.names and os.path.lexists(real):
            self.names.add(name)
            self.tar.add(real, arcname=name, recursive=False)


def release() -> str | None:
    """Return the code name of this machine's Debian, or None where it is no Debian."""
    text = Path("/etc/os-release").read_text() if STATUS.is_file() else ""
    found = re.search(r"^VERSION_CODENAME=(\w+)$", text, re.MULTILINE)
    return found[1] if found and re.search(r"^ID=debian$", text, re.MULTILINE) else None


def installed() -> set[str]:
    """Return the names of this machine's packages; none where it is no Debian."""
    return {name for name, _ in _installed()} if release() else set()


def pack(target: Path, further: Sequence[str] = ()) -> None:
    """Write the root file system, with further packages of this machine, to a tar file."""
    paragraphs = dict(_installed())
    chosen = _closure({name: fields for name, (fields, _) in paragraphs.items()}, [*WANTED, *further])
    with tarfile.open(target, "w") as tar:
        archive = _Archive(tar)
        for name in MERGED:
            if Path("/", name).is_symlink():
                archive.link(name, f"usr/{name}")
        for name, mode in FOLDERS.items():
            archive.folder(name, mode)
        archive.text("var/lib/dpkg/status", "".join(f"{paragraphs[name][1]}\n\n" for name in sorted(chosen)))
        archive.text("var/lib/dpkg/info/format", "1\n")
        _accounts(archive)
        for name in ("etc/pip.conf", "etc/hosts", "etc/resolv.conf", "etc/environment"):
            archive.text(name)
        for path in sorted(_files(chosen, paragraphs)):
            if not LEFT_OUT.match(path):
                archive.host_path(path)


def _installed() -> Iterator[tuple[str, tuple[dict[str, str], str]]]:
    for paragraph in STATUS.read_text(encoding="utf-8").split("\n\n"):
        fields = dict(re.findall(r"^([\w-]+): (.*)$", paragraph, re.MULTILINE))
        if fields.get("Status", "").endswith("ok installed"):
            yield fields["Package"], (fields, paragraph.strip())


def _closure(packages: dict[str, dict[str, str]], wanted: Sequence[str]) -> set[str]:
    """Return the essential and the wanted packages with all that they depend on."""
    provided = {
        part.strip().split()[0]: name
        for name, fields in packages.items()
        for part in fields.get("Provides", "").split(",")
        if part.strip()
    }
    todo = [*wanted, *(name for name, fields in packages.items() if fields.get("Essential") == "yes")]
    chosen: set[str] = set()
    while todo:
        name = todo.pop()
        name = name if name in packages else provided.get(name, "")
        if not name or name in chosen:
            continue
        chosen.add(name)
        fields = packages[name]
        for wish in f"{fields.get('Depends', '')},{fields.get('Pre-Depends', '')}".split(","):
            options = [re.split(r"[\s(:]", option.strip())[0] for option in wish.split("|")]
            todo += [option for option in options if option in packages or option in provided][:1]
    return chosen


def _files(chosen: set[str], paragraphs: dict[str, tuple[dict[str, str], str]]) -> set[str]:
    paths = {"/etc/ssl/certs/ca-certificates.crt", "/usr/bin/awk", *(f"/etc/{name}" for name in TAKEN)}
    records = list(INFO.iterdir())
    for name in chosen:
        own = {name, f"{name}:{paragraphs[name][0]['Architecture']}"}
        for record in records:
            if record.name.rpartition(".")[0] in own:
                paths.add(str(record))
                if record.suffix == ".list":
                    paths.update(record.read_text(encoding="utf-8").split("\n"))
    return paths - {"", "/."}


def _accounts(archive: _Archive) -> None:
    masters = Path("/usr/share/base-passwd")
    for name in ("passwd", "group"):
        archive.text(f"etc/{name}", (masters / f"{name}.master").read_bytes())
    for name, rest, source in (("shadow", ":*:19000:0:99999:7:::", "passwd"), ("gshadow", ":*::", "group")):
        users = [line.split(":")[0] for line in (masters / f"{source}.master").read_text().splitlines()]
        archive.text(f"etc/{name}", "".join(f"{user}{rest}\n" for user in users), 0o640)
    for name, options in PAM.items():
        kind = name.partition("-")[0]
        rules = ("[success=1 default=ignore] pam_unix.so " + options, "requisite pam_deny.so", "required pam_permit.so")
        archive.text(f"etc/pam.d/common-{name}", "".join(f"{kind} {rule}\n" for rule in rules))
    archive.text("etc/shells", "/bin/sh\n/usr/bin/sh\n/bin/bash\n/usr/bin/bash\n")
