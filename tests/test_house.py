"""The house stays easy to see: rooms import one way, modules stay small, and only the registry knows the targets."""

from __future__ import annotations

import ast
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from cloudgen.render.manifest import load
from cloudgen.stack import TARGETS

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "src" / "cloudgen"
MODULES = sorted(SOURCE.rglob("*.py"))

LIMIT = 300
"""Lines of a module; a longer one says why in its docstring."""

FORBIDDEN = {
    "spec": {"stack", "edits", "render", "output", "cli", "pipeline"},
    "edits": {"render", "output", "cli", "pipeline"},
    "stack": {"edits", "render", "output", "cli", "pipeline"},
    "render": {"spec", "edits", "output", "cli", "pipeline"},
    "output": {"spec", "stack", "edits", "cli", "pipeline"},
}
"""Room -> rooms that it must not import. Data flows spec -> stack -> edits -> render -> output."""

BUILD_MACHINE = re.compile(
    rb"(?<![\w.$}])/(?:root|work)/|/opt/tf-plugins|/opt/pypi|/opt/wheels|pypi\.org/simple|files\.pythonhosted\.org"
    rb"|registry\.npmjs\.org|deb\.debian\.org"
)
"""Paths of the machines we build on, and hosts of package registries: neither belongs into the repository."""


def _tracked() -> list[Path]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False)
    if listed.returncode:
        pytest.skip("git: this is not a checkout")
    return [ROOT / name for name in listed.stdout.decode().split("\0") if name]


def too_long(text: str) -> bool:
    """Whether a module is over the limit without a reason in its docstring."""
    doc = ast.get_docstring(ast.parse(text)) or ""
    return len(text.splitlines()) > LIMIT and "Longer than" not in doc


def imported(text: str, package: str) -> Iterator[str]:
    """Yield the rooms of cloudgen that a module imports."""
    for node in ast.walk(ast.parse(text)):
        names = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            names = [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
        for name in names:
            if name.startswith(f"{package}."):
                yield name.split(".")[1]


def compared_targets(text: str, targets: set[str]) -> list[int]:
    """Return the lines that compare something with a target's name."""
    lines = []
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Compare):
            sides = [node.left, *node.comparators]
        elif isinstance(node, ast.MatchValue):
            sides = [node.value]
        else:
            continue
        values = [leaf.value for side in sides for leaf in ast.walk(side) if isinstance(leaf, ast.Constant)]
        if targets & {value for value in values if isinstance(value, str)}:
            lines.append(node.lineno)
    return lines


REGISTERED = {
    "stack/__init__.py",
    *(f"stack/{cloud}/{registry}/__init__.py" for cloud in ("aws", "gcp") for registry in ("platforms", "storage")),
}
"""The registries: modules that may name a target, a platform or a kind of storage that is not their own."""

PRODUCTS = {
    "stack/aws/platforms/containers": ("aws_ecs_", "ecs:", "AWS/ECS", "ECS/ContainerInsights", "Fargate"),
    "stack/aws/platforms/virtual_machines": ("AWS/EC2",),
    "stack/aws/platforms/functions": ("aws_lambda_", "AWS/Lambda"),
    "stack/aws/platforms": ("aws_autoscaling_", "aws_launch_template", "AWS/AutoScaling"),
}
"""Words of what a platform is made of, by its folder: other modules of the cloud need none of them."""


def _docstrings(tree: ast.AST) -> set[int]:
    """The texts that only people read."""
    return {
        id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }


def foreign_names(text: str, place: str) -> list[str]:
    """What a module names that only a registry or another folder may know: `place` is its path below the source.

    A cloud by an import of its folder; a platform by an import of its package, by a comparison with its name, or by
    the words of what it is made of.
    """
    if place in REGISTERED:
        return []
    tree, found = ast.parse(text), []
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module:
            cloud = re.match(r"cloudgen\.stack\.(aws|gcp)\b", node.module)
            platform = re.match(r"cloudgen\.(stack\.\w+\.platforms\.[a-z_]+)\.", f"{node.module}.")
            if cloud and not place.startswith(f"stack/{cloud[1]}/"):
                found.append(node.module)
            home = platform[1].replace(".", "/") if platform else ""
            if platform and (SOURCE / home).is_dir() and not place.startswith(f"{home}/"):
                found.append(node.module)
        if isinstance(node, ast.Compare):
            sides = [node.left, *node.comparators]
            if any(getattr(side, "attr", getattr(side, "id", "")) == "platform" for side in sides):
                found += [
                    side.value for side in sides if isinstance(side, ast.Constant) and isinstance(side.value, str)
                ]
    quiet = _docstrings(tree)
    for folder, words in PRODUCTS.items():
        if place.startswith(f"{folder}/") or not place.startswith("/".join(folder.split("/")[:2])):
            continue
        texts = [n.value for n in ast.walk(tree) if isinstance(n, ast.Constant) and id(n) not in quiet]
        found += [word for word in words for each in texts if isinstance(each, str) and word in each]
    return found


@pytest.mark.parametrize("module", MODULES, ids=lambda path: path.relative_to(SOURCE).as_posix())
def test_only_a_registry_names_what_is_registered(module: Path) -> None:
    place = module.relative_to(SOURCE).as_posix()
    assert foreign_names(module.read_text(encoding="utf-8"), place) == []


def test_a_planted_name_is_found() -> None:
    platform = "from cloudgen.stack.aws.platforms.containers.services import Service"
    assert foreign_names(platform, "stack/aws/monitoring.py")
    assert not foreign_names(platform, "stack/aws/platforms/containers/jobs.py")
    assert not foreign_names("from cloudgen.stack.aws.platforms.workload import Entry", "stack/aws/monitoring.py")
    assert foreign_names("from cloudgen.stack.aws.parity import parity", "explain/field.py")
    assert not foreign_names("from cloudgen.stack.aws.parity import parity", "stack/aws/readme.py")
    assert foreign_names('if each.platform == "functions": pass', "stack/aws/stack.py") == ["functions"]
    assert foreign_names('x = Address("aws_ecs_cluster", "main")', "stack/aws/outputs.py") == ["aws_ecs_"]
    assert not foreign_names('"""ECS on Fargate."""', "stack/aws/outputs.py")


@pytest.mark.parametrize("module", MODULES, ids=lambda path: path.relative_to(SOURCE).as_posix())
def test_module_keeps_the_rules(module: Path) -> None:
    text = module.read_text(encoding="utf-8")
    assert not too_long(text), f"over {LIMIT} lines: split it, or say why in its docstring (Longer than …)"
    room = module.relative_to(SOURCE).parts[0]
    assert not FORBIDDEN.get(room, set()) & set(imported(text, "cloudgen")), "imports a later room"
    lines = compared_targets(text, set(TARGETS))
    assert not lines, f"compares with a target's name in line {lines}: only the registry knows the targets"
    assert module.stem not in {"utils", "util", "helpers", "common", "misc"}, "name the idea"


def test_the_rules_can_be_broken() -> None:
    assert too_long('"""Doc."""\n' + "x = 1\n" * 300)
    assert not too_long('"""Doc.\n\nLonger than 300 lines because it is one table.\n"""\n' + "x = 1\n" * 300)
    text = "from cloudgen.render import hcl\nimport cloudgen.output.writer"
    assert set(imported(text, "cloudgen")) == {"render", "output"}
    assert compared_targets('if name == "aws": pass', {"aws"}) == [1]
    assert compared_targets('if name in ("gcp", "aws"): pass', {"aws"}) == [1]
    assert compared_targets('match name:\n    case "aws": pass', {"aws"}) == [2]
    assert not compared_targets('x = {"aws": 1}', {"aws"})


ONE_SIDED = {
    "aws": {
        "agent.py": "machines of ECS have an agent; Cloud Run has no machines of one's own",
        "groups.py": "Auto Scaling groups are below two platforms, ECS and machines",
        "machines.py": "which machines ECS runs tasks on; Cloud Run has none of one's own",
        "pools.py": "machines that ECS runs tasks on; Cloud Run has none of one's own",
        "telling.py": "what is told of the machines of ECS; Cloud Run has none of one's own",
        "arns.py": "ARNs are made of account, region and partition",
        "account_alarms.py": "events are counted by filters of the trail's log; Cloud Monitoring looks at entries",
        "available.py": "a size is a family of instances, which regions may lack",
        "checks.py": "target groups have limits of their own for health checks, on each platform",
        "changes.py": "RDS and ElastiCache wait for a window, and schedules write limits",
        "settling.py": "Terraform does not wait for ECS",
        "access_logs.py": "Google's log of data access needs no bucket",
        "definition.py": "the container definition of an ECS task",
        "reserved_words.py": "RDS makes the first database together with the server, and refuses these names",
        "environment.py": "Lambda has limits of its own for variables, and cannot read secrets by itself",
        "permissions.py": "one role for Lambda and the code; on Google Cloud an account as for containers",
        "rollout.py": "Terraform does not wait for machines, and its provider cannot go back to older ones",
        "routes.py": "what a service waits for follows from the routes",
        "scheduler.py": "EventBridge Scheduler starts what any platform runs",
        "database_role.py": "RDS measures the operating system by a role",
        "notes.py": "addresses have a quota, and more is billed by the hour",
        "nat_alarms.py": "a NAT gateway stands in each zone, Cloud NAT in the region",
        "uptime.py": "Route 53 measures in another region, where alarm and topic have to be",
        "security_groups.py": "the counterpart of firewall.py",
        "tasks.py": "an ECS task definition; the counterpart of runs.py",
        "zones.py": "subnets belong to zones, on Google Cloud to regions",
    },
    "gcp": {
        "agents.py": "Google's services encrypt as agents of their own",
        "apis.py": "APIs have to be switched on",
        "database_password.py": "RDS makes the password by itself",
        "firewall.py": "the counterpart of security_groups.py",
        "logs.py": "retention belongs to one log bucket, on AWS to each log group",
        "push.py": "Pub/Sub calls a service itself, as an account; on AWS Lambda takes messages",
        "queue_alarms.py": "the queue of Pub/Sub has more to it: topics, subscriptions and a push",
        "runs.py": "what Cloud Run services, pools and jobs share; the counterpart of tasks.py",
        "serving.py": "services and functions are the same in Cloud Run; on AWS they have nothing in common",
    },
}
"""Files that only one cloud has, and why. Everything else has the same name on both sides."""

ONE_SIDED_OUTPUTS = {
    "aws": {"account/bucket.tf", "account/config.tf", "instances.tf", "machine/start.py"},
    "gcp": {"apis.tf", "bootstrap/apis.tf", "account/apis.tf", "machine/start.sh"},
}


def test_both_clouds_use_the_same_file_names() -> None:
    names = {cloud: {path.name for path in (SOURCE / "stack" / cloud).rglob("*.py")} for cloud in ONE_SIDED}
    assert names["aws"] - names["gcp"] == set(ONE_SIDED["aws"])
    assert names["gcp"] - names["aws"] == set(ONE_SIDED["gcp"])


def test_both_clouds_render_the_same_files() -> None:
    outputs = {
        cloud: {entry.output for entry in load(ROOT / "templates" / cloud).files if entry.output} for cloud in ONE_SIDED
    }
    assert outputs["aws"] - outputs["gcp"] == ONE_SIDED_OUTPUTS["aws"]
    assert outputs["gcp"] - outputs["aws"] == ONE_SIDED_OUTPUTS["gcp"]


LITERAL = re.compile(r'(?<![\w".])((?:aws|google)_[a-z0-9_]+\.[a-z][a-z0-9_]*)')
OWN = re.compile(r'^(?:resource|data) "([a-z0-9_]+)" "([a-z0-9_]+)"', re.MULTILINE)


def foreign_addresses(template: str) -> list[str]:
    """The blocks of other templates that a template names itself, instead of taking them from the stack."""
    own = {f"{type_}.{label}" for type_, label in OWN.findall(template)}
    return sorted({address for address in LITERAL.findall(re.sub(r"#.*", "", template)) if address not in own})


HCL_TEMPLATES = [path for cloud in ONE_SIDED for path in sorted((ROOT / "templates" / cloud).rglob("*.tf.j2"))]


@pytest.mark.parametrize("template", HCL_TEMPLATES, ids=lambda path: path.relative_to(ROOT / "templates").as_posix())
def test_templates_take_blocks_of_other_parts_from_the_stack(template: Path) -> None:
    own_module = template.relative_to(ROOT / "templates" / "aws").parts[0] if "aws" in template.parts else ""
    if own_module in {"account", "bootstrap", "_subscription.tf.j2"}:
        return  # Modules of their own, small enough to be read whole; the partial is used by two of them.
    assert foreign_addresses(template.read_text(encoding="utf-8")) == []


def test_a_planted_address_is_found() -> None:
    assert foreign_addresses("vpc_id = aws_vpc.main.id") == ["aws_vpc.main"]
    assert not foreign_addresses('resource "aws_vpc" "main" {}\nvpc_id = aws_vpc.main.id')


def test_no_trace_of_a_build_machine() -> None:
    found = []
    for path in _tracked():
        if path == Path(__file__) or not path.is_file():
            continue
        for number, line in enumerate(path.read_bytes().splitlines(), 1):
            if BUILD_MACHINE.search(line):
                found.append(f"{path.relative_to(ROOT)}:{number}: {line[:120].decode(errors='replace')}")
    assert not found, "\n".join(found)


def test_nothing_needs_the_reference_material() -> None:
    found = [
        str(path.relative_to(ROOT))
        for path in _tracked()
        if path != Path(__file__) and path.is_file() and b"../shared" in path.read_bytes()
    ]
    assert not found
