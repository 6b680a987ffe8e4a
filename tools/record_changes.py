"""Record what replaces a resource: ask the real providers of this machine, for the stand-in providers of the tests.

    PYTHONPATH=tests python tools/record_changes.py [aws google random time]

writes `tests/rig/standin/changes/NAME-VERSION.json`. A provider is looked for in filesystem mirrors, and must run here;
it is asked by planning one change at a time, and nothing is applied (`tests/rig/real_provider/asking.py`). The same
version gives the same bytes. Only facts are recorded: names of arguments, and values that nobody sets.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

from rig.real_provider.asking import Asking
from rig.real_provider.mirror import find_provider
from rig.real_provider.plugin import Plugin
from rig.real_provider.sources import SOURCES, Source, started
from rig.standin.changes import FOLDER
from rig.standin.schema import FOLDER as SCHEMAS
from rig.tools.toolbox import MissingToolError

LICENCE = "MPL-2.0: facts about the provider, which is under that licence"


def listed(provider: str) -> Iterator[str]:
    """Yield the resource types of a provider that cloudgen may emit."""
    for line in (SCHEMAS / "types.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith(f"{provider}_"):
            yield line.strip()


def ask(plugin: Plugin, source: Source) -> dict[str, Any]:
    """Ask a provider about all listed types; what a type has nothing of is left out."""
    types: dict[str, Any] = {}
    for kind in listed(source.wanted.name):
        if kind not in plugin.schemas:
            continue
        told = asdict(Asking(plugin, kind).ask())
        told["defaults"] = {
            name: value for name, value in told["defaults"].items() if value not in source.arguments.values()
        }
        types[kind] = {name: value for name, value in told.items() if value}
        print(f"{kind}: {sum(map(len, types[kind].values()))}", file=sys.stderr)
    return types


def document(source: Source, version: str, types: dict[str, Any]) -> str:
    """Return a file's text: a line for each thing that is told of a type, so that a change is read in a diff."""
    head = {
        "provider": source.wanted.address,
        "version": version,
        "licence": LICENCE,
        "recorded_by": "tools/record_changes.py",
    }
    lines = [f'  "{name}": {json.dumps(value)},' for name, value in head.items()]
    blocks = []
    for kind, told in sorted(types.items()):
        facts = [f'      "{name}": {json.dumps(value, sort_keys=True)}' for name, value in told.items()]
        blocks.append(f'    "{kind}": {{\n' + ",\n".join(facts) + "\n    }" if facts else f'    "{kind}": {{}}')
    return "{\n" + "\n".join(lines) + '\n  "types": {\n' + ",\n".join(blocks) + "\n  }\n}\n"


def main() -> int:
    """Record the providers that are named, or all; return 1 when one is not to be had."""
    names = [source.wanted.name for source in SOURCES]
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(names)}; all when none is named")
    wanted = parser.parse_args().names or names
    for source in SOURCES:
        if source.wanted.name not in wanted:
            continue
        try:
            found = find_provider(source.wanted)
        except MissingToolError as missing:
            print(missing, file=sys.stderr)
            return 1
        version = ".".join(map(str, found.version))
        with tempfile.TemporaryDirectory() as folder, started(source, found, Path(folder)) as plugin:
            types = ask(plugin, source)
        FOLDER.mkdir(exist_ok=True)
        for old in FOLDER.glob(f"{source.wanted.name}-*.json"):
            old.unlink()
        (FOLDER / f"{source.wanted.name}-{version}.json").write_text(document(source, version, types), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
