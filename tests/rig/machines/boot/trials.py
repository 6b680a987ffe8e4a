"""What is tried on machines: containers of both clouds as rendered, and such with defects in their boot files."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from rig.machines.boot import aws, gcp
from rig.machines.boot.aws import Aws
from rig.machines.boot.gcp import Gcp
from rig.machines.boot.image import Image
from rig.machines.boot.proof import SECRET, Seen, Wanted, play
from rig.machines.boot.told import templates
from rig.trees.golden import FOLDER
from rig.trees.render import render

CLOUDS: Mapping[str, tuple[type[Aws] | type[Gcp], str]] = {"aws": (Aws, aws.REGISTRY), "gcp": (Gcp, gcp.REGISTRY)}
SPEC = FOLDER / "machines" / "cloudgen.yaml"
PATIENCE = 180.0
"""Seconds from power-on until a machine works, on a busy machine."""

WEB = Wanted(
    command=("python", "-m", "press.web"),
    secrets=("SIGNING_KEY", "ARTICLES_PASSWORD"),
    variables={
        "GREETING": yaml.safe_load(SPEC.read_text(encoding="utf-8"))["containers"]["web"]["environment"]["GREETING"]
    },
    port=8000,
)
PRINTER = Wanted(
    command=("python", "-m", "press.printer"), secrets=("ARTICLES_PASSWORD",), writable=("/app/cache", "/tmp")
)
WANTED = {"web": WEB, "printer": PRINTER}


@dataclass(frozen=True)
class Defect:
    """A mistake in a boot file, and the words of the fault that it must show as."""

    file: str
    before: str
    after: str
    fault: str


@dataclass(frozen=True)
class Trial:
    """A container on a cloud's machine, and the mistakes in its boot files."""

    cloud: str
    container: str
    defects: tuple[Defect, ...] = ()

    @property
    def name(self) -> str:
        """How it is called."""
        return f"{self.cloud}-{self.container}{'-with-defects' if self.defects else ''}"

    def run(self, base: Path, folder: Path, image: Image, attributes: Mapping[str, Mapping[str, Any]]) -> Seen:
        """Play a machine of the template through."""
        kind, _ = CLOUDS[self.cloud]
        user_data, metadata = kind.told(attributes[self.container])
        for defect in self.defects:
            user_data = damaged(user_data, defect)
        cloud = Gcp(image, _versions(metadata), metadata) if kind is Gcp else Aws(image, _secrets(user_data))
        return play(base, folder, cloud, user_data, WANTED[self.container], PATIENCE)


def rendered(cloud: str, folder: Path, image: Image) -> Mapping[str, Mapping[str, Any]]:
    """Return the templates of the golden spec; the worker may write into one more folder."""
    data = yaml.safe_load(SPEC.read_text(encoding="utf-8"))
    data["containers"]["printer"]["writable"] = ["/app/cache"]
    folder.mkdir(parents=True)
    spec = folder / "cloudgen.yaml"
    spec.write_text(yaml.safe_dump(data, sort_keys=False, allow_unicode=True), encoding="utf-8")
    render(spec, cloud, folder / cloud)
    kind, registry = CLOUDS[cloud]
    return templates(folder / cloud, folder, kind.template, registry, image.digest)


def damaged(user_data: str, defect: Defect) -> str:
    """Return user data with a mistake in one of its files, whose text must be there."""
    head, _, body = user_data.partition("\n")
    told = yaml.safe_load(body)
    (file,) = (each for each in told["write_files"] if each["path"].endswith(f"/{defect.file}"))
    assert defect.before in file["content"], f"{defect.file} has no {defect.before!r}"
    file["content"] = file["content"].replace(defect.before, defect.after)
    return f"{head}\n{json.dumps(told, ensure_ascii=False)}"


def _secrets(user_data: str) -> Mapping[str, str]:
    """Return the secrets that a machine of AWS is told of; the database's own is JSON."""
    found = set(re.findall(r'arn:aws:secretsmanager:[^\\"]+', user_data))
    own = json.dumps({"username": "app", "password": SECRET})
    return {each: own if ":rds!" in each else SECRET for each in found}


def _versions(metadata: Mapping[str, str]) -> Mapping[str, str]:
    """Return the versions of secrets that a machine of Google is told of."""
    return {value: SECRET for key, value in metadata.items() if key.startswith("secret-")}
