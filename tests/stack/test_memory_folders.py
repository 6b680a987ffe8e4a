"""Where Docker and containerd write down what they run lies in memory, on machines of both clouds."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from cloudgen.stack.machines import MEMORY_FOLDERS, MemoryFolder
from rig.trees.golden import FOLDER

FOLDERS = pytest.mark.parametrize("folder", MEMORY_FOLDERS, ids=lambda each: each.unit)


@FOLDERS
def test_the_unit_is_named_as_systemd_wants(folder: MemoryFolder) -> None:
    """Slashes become dashes; whatever else would have to be escaped is not there."""
    assert re.fullmatch(r"(/[a-z0-9][a-z0-9.]*)+", folder.path)
    assert folder.unit == folder.path[1:].replace("/", "-") + ".mount"


@FOLDERS
@pytest.mark.parametrize("cloud", ["aws", "gcp"])
def test_docker_starts_with_it_only(folder: MemoryFolder, cloud: str) -> None:
    tree = FOLDER / "machines" / cloud
    unit = Path(tree, folder.output).read_text(encoding="utf-8").splitlines()
    assert {f"Where={folder.path}", "Type=tmpfs", "Before=docker.service containerd.service"} <= set(unit)
    assert "RequiredBy=docker.service containerd.service" in unit
    told = (tree / "virtual_machines.tf").read_text(encoding="utf-8")
    assert f'"/etc/systemd/system/{folder.unit}"' in told
    enabled = re.search(r'"?systemctl"?,?\s+"?enable\b(.*?)container\.service', told, re.DOTALL)
    assert enabled
    assert folder.unit in enabled[1]
