"""Finding the real hashicorp/aws provider: in a filesystem mirror of this machine, else in the registry.

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
import urllib.request
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from pathlib import Path

from rig.tools.toolbox import MissingToolError

ADDRESS = "registry.terraform.io/hashicorp/aws"
REGISTRY = "https://registry.terraform.io/.well-known/terraform.json"
LOWEST, BELOW = (5, 100, 0), (7, 0, 0)
"""The range that the rendered modules ask for."""

PLATFORM = "_".join(
    (platform.system().lower(), {"x86_64": "amd64", "aarch64": "arm64"}.get(platform.machine(), platform.machine()))
)
UNPACKED = re.compile(rf"/{re.escape(ADDRESS)}/(\d+)\.(\d+)\.(\d+)/{PLATFORM}/terraform-provider-aws")
PACKED = re.compile(rf"/{re.escape(ADDRESS)}/terraform-provider-aws_(\d+)\.(\d+)\.(\d+)_{PLATFORM}\.zip$")


def find_aws_provider(folder: Path, stack: ExitStack) -> Path:
    """Return a CLI configuration file by which `terraform init` gets the provider. Raises `MissingToolError`."""
    mirror = _newest(_providers(_likely_roots())) or _newest(_search_everywhere())
    if mirror is not None:
        installation = f"  filesystem_mirror {{\n    path = {json.dumps(str(mirror))}\n  }}\n"
    elif _registry_answers():
        installation = "  direct {}\n"
    else:
        raise MissingToolError(
            f"no filesystem mirror with {ADDRESS} >= 5.100, < 7 for {PLATFORM} on this machine, and the registry does "
            "not answer: put one into ~/.terraform.d/plugins with `terraform providers mirror`"
        )
    cache = folder / "cache"
    cache.mkdir(exist_ok=True)
    config = folder / "terraform.rc"
    config.write_text(
        f"plugin_cache_dir = {json.dumps(str(cache))}\n"
        # The modules under test come without a lock file, which Terraform would else want before it uses the cache.
        "plugin_cache_may_break_dependency_lock_file = true\n"
        f"provider_installation {{\n{installation}}}\n"
    )
    return config


def _likely_roots() -> Iterator[Path]:
    """The places that Terraform itself looks at, what the developer configured, and the usual one for software."""
    configured = Path(os.environ.get("TF_CLI_CONFIG_FILE", "~/.terraformrc")).expanduser()
    if configured.is_file():
        text = configured.read_text(encoding="utf-8", errors="replace")
        found = re.findall(r'^\s*(?:path|plugin_cache_dir)\s*=\s*"([^"$]+)"', text, re.MULTILINE)
        yield from (Path(path).expanduser() for path in found)
    if cache := os.environ.get("TF_PLUGIN_CACHE_DIR"):
        yield Path(cache)
    home = Path.home()
    yield home / ".terraform.d" / "plugins"
    yield home / ".local" / "share" / "terraform" / "plugins"
    yield home / "Library" / "Application Support" / "io.terraform" / "plugins"
    yield Path("/usr/local/share/terraform")
    yield Path("/usr/share/terraform")
    yield Path("/opt")


def _providers(roots: Iterable[Path]) -> Iterator[Path]:
    for root in roots:
        # At most three folders below a root, so that a big /opt costs nothing.
        for depth in ("", "*/", "*/*/", "*/*/*/"):
            yield from root.glob(f"{depth}{ADDRESS}/*/{PLATFORM}/terraform-provider-aws*")
            yield from root.glob(f"{depth}{ADDRESS}/terraform-provider-aws_*.zip")


def _search_everywhere() -> list[Path]:
    """Ask `find` for a mirror anywhere on the root file system, for a minute at most."""
    find = shutil.which("find")
    if find is None:
        return []
    command = [find, "/", "-xdev", "-path", f"*/{ADDRESS}/*", "-name", "terraform-provider-aws_*", "-not", "-type", "d"]
    try:
        # Exit code 1 only says that some folder may not be read.
        run = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    except subprocess.TimeoutExpired:
        return []
    return [Path(line) for line in run.stdout.splitlines()]


def _newest(providers: Iterable[Path]) -> Path | None:
    """Return the mirror that holds the newest provider in range: what stands above the registry's host name."""
    found = []
    for path in providers:
        match = UNPACKED.search(path.as_posix()) or PACKED.search(path.as_posix())
        version = tuple(int(part) for part in match.groups()) if match else (0, 0, 0)
        if match and LOWEST <= version < BELOW:
            found.append((version, Path(path.as_posix()[: match.start()])))
    return max(found)[1] if found else None


def _registry_answers() -> bool:
    try:
        with urllib.request.urlopen(REGISTRY, timeout=5) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False
