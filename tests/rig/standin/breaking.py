"""Creates that fail by half: the resource is there, the provider says that it failed, and Terraform taints it.

    break_next(setup.cloud, "google_cloud_run_v2_service")     # before the apply

What to break stands in a file beside the imagined cloud, for a provider is another process. Whoever breaks one holds
the cloud, so that two creates at once do not both take the same line.
"""

from __future__ import annotations

from pathlib import Path

from rig.standin.violation import Violation

FILE = "break"
HALF = Violation((), "it is there, but did not become ready", "[half-made] the create was to fail")


def break_next(cloud: Path, resource_type: str, times: int = 1) -> None:
    """Let the next creates of a type in a cloud's folder fail when they are half done."""
    cloud.mkdir(parents=True, exist_ok=True)
    with (cloud / FILE).open("a", encoding="utf-8") as file:
        file.write(f"{resource_type}\n" * times)


def to_break(cloud: Path | None, resource_type: str) -> bool:
    """Whether a create is to fail; asking uses it up. `cloud` is the folder, None for a cloud without one."""
    path = cloud / FILE if cloud is not None else None
    if path is None or not path.exists():
        return False
    kinds = path.read_text(encoding="utf-8").splitlines()
    if resource_type not in kinds:
        return False
    kinds.remove(resource_type)
    path.write_text("".join(f"{kind}\n" for kind in kinds), encoding="utf-8")
    return True
