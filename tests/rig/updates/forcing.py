"""What forces a replacement on AWS, asked of the real provider: its schema does not tell, but its plans do.

    python -m rig.updates.forcing            # asks, and writes tests/standin/schema/aws-forces.json

Each resource of some golden trees is planned again with one argument changed, which costs no call of AWS. What the
answer lists as `requires_replace` is noted; an argument of a block by its dotted name, a block that must not come or
go by its own. Messages: https://github.com/hashicorp/terraform/tree/main/docs/plugin-protocol, versions 5 and 6, which
agree in what is used here.
"""

from __future__ import annotations

import copy
import json
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import grpc
import yaml

from rig.real_provider import mirror
from rig.real_provider.serving import reattach
from rig.standin.encoding import pack
from rig.standin.messages import MESSAGE
from rig.standin.schema import FOLDER, Block
from rig.tools.terraform import Terraform
from rig.tools.toolbox import terraform
from rig.trees.golden import golden_cases
from rig.updates.imagined import Imagined

RECORD = FOLDER / "aws-forces.json"
CASES = ("reference", "mysql", "two-containers")
"""Golden cases that have every type."""
MODES = {1: "single", 2: "list", 3: "set", 4: "map", 5: "group"}
DEPTH = 2
"""How deep in blocks is asked: nothing further inside forces anything."""
SHALLOW = ("aws_wafv2_web_acl",)
"""Types of which no block is asked: statements within statements, and a second for each answer."""
TIMEOUT = 60
"""Seconds that an answer may take."""
UNLIMITED = [("grpc.max_receive_message_length", -1)]


def block_of(message: Any) -> Block:
    """Return a block of the answer to GetProviderSchema in the form of the recorded schemas."""
    return {
        "attributes": {
            one.name: {
                "type": json.loads(one.type),
                "optional": one.optional or one.required,
                "computed": one.computed,
            }
            for one in message.attributes
        },
        "block_types": {
            one.type_name: {
                "nesting_mode": MODES[one.nesting],
                "block": block_of(one.block),
                "max_items": one.max_items,
            }
            for one in message.block_types
        },
    }


def conform(block: Block, value: Any) -> dict[str, Any]:
    """Return a state's values in the form of another version's block: what that does not have goes, and null comes."""
    value = value if isinstance(value, dict) else {}
    out: dict[str, Any] = {name: value.get(name) for name in block["attributes"]}
    for name, nested in block["block_types"].items():
        inner = value.get(name)
        if nested["nesting_mode"] in ("single", "group"):
            out[name] = None if inner is None else conform(nested["block"], inner)
        else:
            items = inner if isinstance(inner, list) else [inner] if inner else []
            out[name] = [conform(nested["block"], item) for item in items]
    return out


def configuration(block: Block, value: Mapping[str, Any]) -> dict[str, Any]:
    """Return what of a state somebody may have configured."""
    out = {name: value[name] if one["optional"] else None for name, one in block["attributes"].items()}
    for name, nested in block["block_types"].items():
        inner = value[name]
        if isinstance(inner, list):
            out[name] = [configuration(nested["block"], item) for item in inner]
        else:
            out[name] = None if inner is None else configuration(nested["block"], inner)
    return out


def other(kind: Any, value: Any) -> Any:
    """Return another value of a type than the one that is there."""
    if kind == "string":
        return f"{value}x" if value else "other"
    if kind == "number":
        return (value or 0) + 1
    if kind == "bool":
        return not value
    if isinstance(kind, list) and kind[0] in ("list", "set"):
        return [*(value or []), other(kind[1], None)]
    if isinstance(kind, list) and kind[0] == "map":
        return {**(value or {}), "other": other(kind[1], None)}
    if isinstance(kind, list) and kind[0] == "object":
        return {name: other(inner, (value or {}).get(name)) for name, inner in kind[1].items()}
    return value


def changes(block: Block, value: Mapping[str, Any], depth: int = DEPTH) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield dotted names and the whole value with that argument, or that number of blocks, changed."""
    for name, attribute in block["attributes"].items():
        if attribute["optional"] and name not in ("id", "tags", "tags_all"):
            yield name, {**value, name: other(attribute["type"], value[name])}
    for name, nested in block["block_types"].items():
        inner = value[name]
        if name == "timeouts" or not depth:
            continue
        if isinstance(inner, list):
            empty = conform(nested["block"], {})
            yield name, {**value, name: [] if inner else [empty]}
            if inner:
                for path, item in changes(nested["block"], inner[0], depth - 1):
                    yield f"{name}.{path}", {**value, name: [item, *inner[1:]]}
        elif inner is not None:
            for path, item in changes(nested["block"], inner, depth - 1):
                yield f"{name}.{path}", {**value, name: item}


class Asked:
    """A running provider that is asked for plans; one that crashes over a question is started again."""

    def __init__(self, start: Callable[[], Any]) -> None:
        self._start = start
        self._begin()

    def _begin(self) -> None:
        self._channel = self._start()
        schema = MESSAGE["SchemaResponse"].FromString(self._call("GetSchema", b""))
        self.blocks = {name: block_of(one.block) for name, one in schema.resource_schemas.items()}
        self._configure(block_of(schema.provider.block))

    def _call(self, method: str, request: bytes) -> bytes:
        call: Callable[..., bytes] = self._channel.unary_unary(f"/tfplugin5.Provider/{method}")
        return call(request, timeout=TIMEOUT)

    def _configure(self, block: Block) -> None:
        known = {
            "access_key": "test",
            "secret_key": "test",
            "region": "eu-west-1",
            "max_retries": 1,
            "skip_credentials_validation": True,
            "skip_requesting_account_id": True,
            "skip_metadata_api_check": "true",
            "skip_region_validation": True,
        }
        request = MESSAGE["ProviderConfigRequest"](terraform_version="1.11.0", config=pack(conform(block, known)))
        self._call("Configure", request.SerializeToString())

    def forces(self, resource_type: str, name: str, prior: Mapping[str, Any], planned: Mapping[str, Any]) -> bool:
        """Whether the provider would replace a resource because of an argument. Raises `LookupError` if it fails.

        It lists more than what was asked for where the state that stands in is none that it would have written.
        """
        block = self.blocks[resource_type]
        request = MESSAGE["PlanRequest"](
            type_name=resource_type,
            prior_state=pack(dict(prior)),
            proposed_new_state=pack(dict(planned)),
            config=pack(configuration(block, planned)),
        )
        try:
            answer = MESSAGE["PlanResponse"].FromString(self._call("PlanResourceChange", request.SerializeToString()))
        except grpc.RpcError as error:
            self._begin()
            raise LookupError("the provider crashes") from error
        if any(one.severity == 1 for one in answer.diagnostics):
            raise LookupError("; ".join(f"{one.summary}: {one.detail}" for one in answer.diagnostics))
        return any(path.steps[0].attribute_name == name.partition(".")[0] for path in answer.requires_replace)


@contextmanager
def asking(folder: Path, program: Path, config: Path) -> Iterator[Asked]:
    """Start the real provider, and yield what asks it. Raises `TerraformError` when it does not start."""
    module = folder / "module"
    module.mkdir()
    (module / "main.tf").write_text(
        'terraform {\n  required_providers {\n    aws = { source = "hashicorp/aws" }\n  }\n}\n', encoding="utf-8"
    )
    tool = Terraform(program, config)
    tool.init(module)
    binary = next((module / ".terraform" / "providers" / mirror.ADDRESS).glob("*/*/terraform-provider-aws*"))
    with ExitStack() as running:

        def start() -> Any:
            running.close()
            process = subprocess.Popen(
                [binary, "-debug"], env=tool.variables(), cwd=module, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
            )
            running.callback(process.wait)
            running.callback(process.terminate)
            (where,) = json.loads(reattach(process.stdout)).values()
            return running.enter_context(grpc.insecure_channel(f"unix:{where['Addr']['String']}", options=UNLIMITED))

        yield Asked(start)


def found(asked: Asked, resources: Mapping[str, list[dict[str, Any]]]) -> dict[str, list[str]]:
    """Return by type what forces a replacement of some resources."""
    out: dict[str, set[str]] = defaultdict(set)
    for resource_type, states in sorted(resources.items()):
        block = asked.blocks[resource_type]
        deep = resource_type not in SHALLOW
        for state in states[: 3 if deep else 1]:
            prior = conform(block, state)
            for name, planned in changes(block, prior, DEPTH if deep else 0):
                try:
                    if asked.forces(resource_type, name, prior, copy.deepcopy(planned)):
                        out[resource_type].add(name)
                except LookupError as unknown:
                    print(f"{resource_type}.{name}: {unknown}"[:200], file=sys.stderr)
    return {name: sorted(paths) for name, paths in out.items()}


def states(folder: Path) -> dict[str, list[dict[str, Any]]]:
    """Apply the golden cases on the stand-in; return one state or two of each type."""
    known: dict[str, list[dict[str, Any]]] = defaultdict(list)
    with Imagined.opened(folder, "aws") as world:
        for case in golden_cases("aws"):
            if case.name not in CASES:
                continue
            world.back_to(None)
            world.play(yaml.safe_load(case.spec.read_text(encoding="utf-8")))
            for file in (world.folder / "now" / "modules").glob("*/terraform.tfstate"):
                for item in json.loads(file.read_text())["resources"]:
                    if item["mode"] == "managed":
                        known[item["type"]] += [one["attributes"] for one in item["instances"][:1]]
    return {name: items[:: max(1, len(items) // 3)] for name, items in known.items()}


def main() -> None:
    """Ask, and write the record."""
    with tempfile.TemporaryDirectory(prefix="forcing-") as name, ExitStack() as stack:
        folder = Path(name)
        config = mirror.find_aws_provider(folder, stack)
        resources = states(folder / "world")
        with asking(folder, terraform(folder, stack), config) as asked:
            RECORD.write_text(json.dumps(found(asked, resources), indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
