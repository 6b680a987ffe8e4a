"""Importing what keeps its name after it was deleted, with the commands of the rendered README.

`terraform import` is run as it stands there. Of `gcloud`, the imagined cloud knows two commands: the one that makes a
new version of a key whose versions were destroyed, and the one that restores a deleted log bucket.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from rig.standin.cloud import Cloud
from rig.standin.workspace import Workspace

IMPORT = re.compile(r"^terraform (?:-chdir=(?P<module>\w+) )?import (?P<address>\S+) (?P<id>\S+)$", re.M)
NEW_KEY_VERSION = re.compile(r"^gcloud kms keys versions create --primary --key (?P<id>\S+)$", re.M)
RESTORED_LOGS = re.compile(
    r"^gcloud logging buckets undelete (?P<id>\S+) --location (?P<location>\S+) --project (?P<project>\S+)$", re.M
)


def take_over(readme: str, module: str, workspace: Workspace, cloud: Cloud) -> None:
    """Run those of a README's commands that are about one module (`.` is the tree itself)."""
    for command in IMPORT.finditer(readme):
        if (command["module"] or ".") == module:
            workspace.run("import", "-input=false", "-no-color", command["address"], command["id"])
    restore(cloud, readme)


def restore(cloud: Cloud, readme: str) -> None:
    """Do in the imagined cloud what a README's `gcloud` commands do."""
    found = [("google_kms_crypto_key", command.groupdict()) for command in NEW_KEY_VERSION.finditer(readme)]
    found += [
        ("google_logging_project_bucket_config", command.groupdict()) for command in RESTORED_LOGS.finditer(readme)
    ]
    with cloud.open():
        for kind, words in found:
            cloud.restore(kind, identity(kind, words))


def identity(kind: str, words: Mapping[str, str]) -> str:
    """Return the id of what a command names."""
    if kind == "google_kms_crypto_key":
        return words["id"]
    return "projects/{project}/locations/{location}/buckets/{id}".format_map(words)
