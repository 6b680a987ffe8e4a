"""The disk of a machine before its first start: systemd, cloud-init and Docker of Debian, and the AWS CLI of PyPI.

It is packed from the packages of this machine. What is not installed here is downloaded, and only unpacked: cloud-init
should not run on a machine that tests run on.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tarfile
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

from rig.images import debian
from rig.machines.boot.certificates import AUTHORITY, make_certificates
from rig.tools.toolbox import MissingToolError, on_path

PACKAGES = ("systemd-sysv", "dbus", "docker.io", "iptables", "cloud-init", "curl", "ca-certificates", "python3")
REQUIREMENTS = Path(__file__).parents[4] / "requirements" / "standins.txt"
CLI = (
    *("awscli", "botocore", "s3transfer", "jmespath", "python-dateutil", "six", "urllib3"),
    *("docutils", "colorama", "rsa", "pyasn1", "pyyaml"),
)
"""The packages of PyPI that the AWS CLI is made of."""
TRUSTED = Path("etc/ssl/certs/ca-certificates.crt")

# Debian 12 has Python 3.11, whichever Python runs the tests.
AWS = """\
#!/bin/sh
# Amazon Linux has the AWS CLI; this one trusts whom the system trusts, as that one does.
export PYTHONPATH=/opt/aws AWS_CA_BUNDLE=/etc/ssl/certs/ca-certificates.crt
exec /usr/bin/python3 -m awscli "$@"
"""

CLOUD_INIT = """\
# The user data lies on the disk, as no cloud is there to be found. Only the modules run that it uses.
datasource_list: [NoCloud]
network: {config: disabled}
cloud_init_modules: [write-files]
cloud_config_modules: [runcmd]
cloud_final_modules: [scripts-user]
"""

DOCKER = '{"bridge": "none", "iptables": false, "ip6tables": false, "ip-forward": false, "ip-masq": false}\n'
"""Containers on these machines share the machine's network."""

ACCOUNTS = 'u messagebus - "D-Bus"\ng docker -\n'
"""What the packages' scripts make, beside the accounts that sysusers.d of the packages asks for."""


def find_machine(folder: Path, stack: ExitStack) -> Path:
    """Return the folder with the disk, below it `root`, `server.pem` and `server.key`. Raises `MissingToolError`."""
    if os.geteuid() != 0:
        raise MissingToolError("a machine starts in systemd-nspawn, which needs root")
    if debian.release() is None:
        raise MissingToolError("a machine is made from the packages of this machine, which is no Debian")
    for program, package in (("systemd-nspawn", "systemd-container"), ("ip", "iproute2"), ("openssl", "openssl")):
        on_path(program, f"apt-get install {package}")
    root = folder / "root"
    stack.callback(shutil.rmtree, root, ignore_errors=True)
    with ThreadPoolExecutor(1) as pool:
        cli = pool.submit(_install_cli, root)
        _unpack(folder, root)
        cli.result()
    make_certificates(folder)
    with (root / TRUSTED).open("a", encoding="utf-8") as trusted:
        trusted.write((folder / AUTHORITY).read_text(encoding="utf-8"))
    _configure(root)
    return folder


def _unpack(folder: Path, root: Path) -> None:
    archives = folder / "archives"
    (archives / "partial").mkdir(parents=True)
    options = ("--yes", "--no-install-recommends", "--no-upgrade", "--download-only")
    # Nothing is installed, so whoever installs something meanwhile need not be waited for.
    settings = ("-o", f"Dir::Cache::archives={archives}", "-o", "Debug::NoLocking=1")
    download = ("apt-get", "install", *options, *settings, *PACKAGES)
    try:
        _run(*download)
    except MissingToolError:
        # The lists are missing, or too old.
        _run("apt-get", "update")
        _run(*download)
    downloaded = sorted(archives.glob("*.deb"))
    needed = {name for archive in downloaded for name in _dependencies(archive)}
    debian.pack(folder / "root.tar", [*PACKAGES, *sorted(needed)])
    with tarfile.open(folder / "root.tar") as tar:
        tar.extractall(root, filter="fully_trusted")
    (folder / "root.tar").unlink()
    for archive in downloaded:
        # Through the links of a merged /usr, as dpkg does.
        with subprocess.Popen(["dpkg-deb", "--fsys-tarfile", archive], stdout=subprocess.PIPE) as data:
            subprocess.run(["tar", "-x", "--keep-directory-symlink", "-C", root], stdin=data.stdout, check=True)
    shutil.rmtree(archives)


def _dependencies(archive: Path) -> set[str]:
    said = _run("dpkg-deb", "--show", "--showformat=${Depends},${Pre-Depends}", str(archive))
    return set(re.findall(r"(?:^|[,|])\s*([a-z0-9][a-z0-9.+-]+)", said))


def _install_cli(root: Path) -> None:
    blocks = re.findall(r"^[a-z][^\n]*\n(?:[ ]+[^\n]*\n)*", REQUIREMENTS.read_text(encoding="utf-8"), re.MULTILINE)
    wanted = root.parent / "awscli.txt"
    wanted.write_text("".join(block for block in blocks if block.partition("==")[0] in CLI), encoding="utf-8")
    pip = (sys.executable, "-m", "pip", "--disable-pip-version-check", "install", "--quiet", "--require-hashes")
    target = ("--no-deps", "--no-compile", "--target", str(root / "opt/aws"), "--requirement", str(wanted))
    _run(*pip, "--only-binary=:all:", "--python-version=3.11", *target)
    _write(root / "usr/local/bin/aws", AWS, 0o755)


def _configure(root: Path) -> None:
    _write(root / "etc/cloud/cloud.cfg.d/90-machine.cfg", CLOUD_INIT)
    _write(root / "etc/docker/daemon.json", DOCKER)
    _write(root / "etc/sysusers.d/machine.conf", ACCOUNTS)
    _write(root / "etc/machine-id", "")
    system = root / "etc/systemd/system"
    _link(system / "default.target", "/lib/systemd/system/multi-user.target")
    for unit in ("cloud-init-local", "cloud-init", "cloud-config", "cloud-final"):
        _link(system / f"cloud-init.target.wants/{unit}.service", f"/lib/systemd/system/{unit}.service")
    _link(root / "etc/alternatives/iptables", "/usr/sbin/iptables-nft")
    _link(root / "usr/sbin/iptables", "/etc/alternatives/iptables")
    _run("systemd-sysusers", f"--root={root}")
    _run("chroot", str(root), "ldconfig")


def _write(path: Path, text: str, mode: int = 0o644) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    path.chmod(mode)


def _link(path: Path, target: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    path.symlink_to(target)


def _run(*command: str) -> str:
    """Run a command, and return what it prints. Raises `MissingToolError` where it fails."""
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=600)
    if done.returncode != 0:
        raise MissingToolError(f"the disk of a machine cannot be made: {command[0]}: {done.stderr.strip()[-500:]}")
    return done.stdout
