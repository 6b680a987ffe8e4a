"""Finding the real providers: in a filesystem mirror of this machine, else in the registry.

The result is a Terraform CLI configuration that knows only that place, so that a test run does not depend on what
the developer's own configuration says. Mirror layouts:
https://developer.hashicorp.com/terraform/cli/config/config-file#filesystem_mirror
"""

from __future__ import annotations

import json
import os
import platform
import re
import shutil
import subprocess
import tempfile
import urllib.request
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from rig.tools.toolbox import MissingToolError

HASHICORP = "registry.terraform.io/hashicorp"
REGISTRY = "https://registry.terraform.io/.well-known/terraform.json"

PLATFORM = "_".join(
    (platform.system().lower(), {"x86_64": "amd64", "aarch64": "arm64"}.get(platform.machine(), platform.machine()))
)
UNPACKED = re.compile(rf"/{re.escape(HASHICORP)}/(?P<name>\w+)/(?P<version>[\d.]+)/{PLATFORM}/terraform-provider-\w+")
PACKED = re.compile(
    rf"/{re.escape(HASHICORP)}/(?P<name>\w+)/terraform-provider-\w+_(?P<version>[\d.]+)_{PLATFORM}\.zip$"
)

Version = tuple[int, ...]

PASSED_BY = (".git", ".terraform", ".venv", "node_modules", "proc", "site-packages")
"""Names of folders in which no mirror is, or only what was installed from one."""


@dataclass(frozen=True)
class Wanted:
    """A provider of HashiCorp's, and the range of versions that the rendered modules ask for."""

    name: str
    lowest: Version
    below: Version

    @property
    def address(self) -> str:
        """The provider's full address."""
        return f"{HASHICORP}/{self.name}"

    def __str__(self) -> str:
        lowest, below = (".".join(map(str, version)) for version in (self.lowest, self.below))
        return f"{self.address} >= {lowest}, < {below}"


@dataclass(frozen=True)
class Found:
    """A provider in a mirror: the mirror's folder, its version, and the file."""

    mirror: Path
    version: Version
    file: Path


AWS = Wanted("aws", (5, 100, 0), (7, 0, 0))
GOOGLE = (
    Wanted("google", (7, 40, 0), (9, 0, 0)),
    Wanted("random", (3, 7, 0), (4, 0, 0)),
    Wanted("time", (0, 13, 0), (1, 0, 0)),
)
"""What a tree for Google Cloud uses."""


def find_aws_provider(folder: Path, stack: ExitStack) -> Path:
    """Return a CLI configuration file by which `terraform init` gets the provider. Raises `MissingToolError`."""
    return _configuration(folder, AWS)


def find_google_provider(folder: Path, stack: ExitStack) -> Path:
    """Return a CLI configuration file by which `terraform init` gets the providers of a tree for Google Cloud.

    Raises `MissingToolError` when one of them is not to be had.
    """
    return _configuration(folder, *GOOGLE)


@cache
def find_provider(wanted: Wanted) -> Found:
    """Return the newest provider that is in a mirror here. Raises `MissingToolError`."""
    found = next(filter(None, (_newest(wanted, _providers(wanted, roots())) for roots in ROOTS)), None)
    if found is None:
        raise MissingToolError(f"no filesystem mirror with {wanted} for {PLATFORM} on this machine")
    return found


def describe(wanted: Wanted) -> str:
    """Return a provider's name with its version, or where it comes from instead."""
    try:
        return f"{wanted.name} {'.'.join(map(str, find_provider(wanted).version))}"
    except MissingToolError:
        return f"{wanted.name} from the registry"


def _configuration(folder: Path, *providers: Wanted) -> Path:
    installation = "".join(_installation(wanted) for wanted in providers)
    cache_folder = folder / "cache"
    cache_folder.mkdir(exist_ok=True)
    config = folder / "terraform.rc"
    config.write_text(
        f"plugin_cache_dir = {json.dumps(str(cache_folder))}\n"
        # The modules under test come without a lock file, which Terraform would else want before it uses the cache.
        "plugin_cache_may_break_dependency_lock_file = true\n"
        f"provider_installation {{\n{installation}}}\n"
    )
    return config


def _installation(wanted: Wanted) -> str:
    """Return where the CLI configuration says that one provider comes from."""
    include = f"    include = [{json.dumps(wanted.address)}]\n"
    try:
        place = f"    path    = {json.dumps(str(find_provider(wanted).mirror))}\n"
    except MissingToolError as missing:
        if not _registry_answers():
            raise MissingToolError(
                f"{missing}, and the registry does not answer: put one into ~/.terraform.d/plugins with "
                "`terraform providers mirror`"
            ) from None
        return f"  direct {{\n{include}  }}\n"
    return f"  filesystem_mirror {{\n{place}{include}  }}\n"


def _likely_roots() -> Iterator[Path]:
    """The places that Terraform itself looks at, what the developer configured, and the usual one for software."""
    configured = Path(os.environ.get("TF_CLI_CONFIG_FILE", "~/.terraformrc")).expanduser()
    if configured.is_file():
        text = configured.read_text(encoding="utf-8", errors="replace")
        found = re.findall(r'^\s*(?:path|plugin_cache_dir)\s*=\s*"([^"$]+)"', text, re.MULTILINE)
        yield from (Path(path).expanduser() for path in found)
    if shared := os.environ.get("TF_PLUGIN_CACHE_DIR"):
        yield Path(shared)
    home = Path.home()
    yield home / ".terraform.d" / "plugins"
    yield home / ".local" / "share" / "terraform" / "plugins"
    yield home / "Library" / "Application Support" / "io.terraform" / "plugins"
    yield Path("/usr/local/share/terraform")
    yield Path("/usr/share/terraform")
    yield Path("/opt")


def _providers(wanted: Wanted, roots: Iterable[Path]) -> Iterator[Path]:
    for root in roots:
        # At most three folders below a root, so that a big /opt costs nothing.
        for depth in ("", "*/", "*/*/", "*/*/*/"):
            yield from root.glob(f"{depth}{wanted.address}/*/{PLATFORM}/terraform-provider-{wanted.name}*")
            yield from root.glob(f"{depth}{wanted.address}/terraform-provider-{wanted.name}_*.zip")


@cache
def _search_everywhere() -> tuple[Path, ...]:
    """Ask `find` for mirrors anywhere on the root file system, for two minutes at most, once.

    What lies below the folder for temporary files is another test's, and may be gone in a moment.
    """
    find = shutil.which("find")
    if find is None:
        return ()
    passed = [word for name in PASSED_BY for word in ("-name", name, "-o")]
    skipped = ["(", *passed, "-path", tempfile.gettempdir(), ")", "-prune", "-o"]
    command = [find, "/", "-xdev", *skipped, "-type", "d", "-name", HASHICORP.split("/")[0], "-print", "-prune"]
    try:
        # Exit code 1 only says that some folder may not be read.
        run = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    except subprocess.TimeoutExpired:
        return ()
    return tuple(Path(line).parent for line in run.stdout.splitlines())


ROOTS: tuple[Callable[[], Iterable[Path]], ...] = (_likely_roots, _search_everywhere)
"""Where mirrors are looked for; everywhere only when the likely places have none."""


def _newest(wanted: Wanted, providers: Iterable[Path]) -> Found | None:
    """Return the newest provider in range."""
    found = []
    for path in providers:
        match = UNPACKED.search(path.as_posix()) or PACKED.search(path.as_posix())
        if match is None or match["name"] != wanted.name:
            continue
        version = tuple(map(int, match["version"].split(".")))
        if wanted.lowest <= version < wanted.below and _is_program(path):
            # The mirror is what stands above the registry's host name.
            found.append((version, Path(path.as_posix()[: match.start()]), path))
    if not found:
        return None
    version, mirror, file = max(found)
    return Found(mirror, version, file)


def _is_program(path: Path) -> bool:
    """Whether a file is a provider, or an archive with one: the stand-ins that tests lay out beside us are scripts."""
    try:
        with path.open("rb") as file:
            return file.read(2) != b"#!"
    except OSError:
        return False


@cache
def _registry_answers() -> bool:
    try:
        with urllib.request.urlopen(REGISTRY, timeout=5) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False
