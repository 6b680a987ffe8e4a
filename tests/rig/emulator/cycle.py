"""The life of a deployment on AWS, played through by the real Terraform against the emulator.

Render, apply bootstrap/, apply the root module with its state in S3, plan again, lift the deletion protection as
the output's README tells, destroy all modules, and maybe apply everything once more from nothing.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from cloudgen.pipeline import read_spec
from cloudgen.spec.deployment import Deployment
from rig.emulator.gaps import TOLERATED
from rig.emulator.process import Emulator, running
from rig.emulator.state import keep_in_file, makes_its_bucket, move_to_bucket, move_to_file
from rig.facts.aws.machines import is_of_a_container, told
from rig.real_provider.narrow import types_in
from rig.real_provider.serving import serving
from rig.standin.life import MODULES, declared
from rig.tools.terraform import Change, Terraform, TerraformError, diagnostic
from rig.trees.render import render, unprotected

PARALLEL = "-parallelism=30"
"""The provider mostly waits; Terraform's own 10 would make it wait longer."""


@dataclass
class Report:
    """What a cycle showed."""

    name: str
    resources: int = 0
    """Resources in the state of all modules after they were applied."""
    plans: dict[str, dict[str, Any]] = field(default_factory=dict)
    """The second plans by module (`.` is the root), as JSON: every value is known in them."""
    second_plan: list[Change] = field(default_factory=list)
    """What a second plan would change; nothing, if the rendered modules say what the provider reads back."""
    tolerated: list[Change] = field(default_factory=list)
    """What it would change because of a gap in the emulator."""
    environment: dict[str, dict[str, str]] = field(default_factory=dict)
    """Container -> its environment, as the task definition in the state has it."""
    left: list[str] = field(default_factory=list)
    """What stayed in the states after all modules were destroyed."""
    again: int | None = None
    """Resources that were there after everything was applied once more from nothing; None if that was not tried."""
    requests: int = 0
    """Requests that were held against Amazon's own models."""
    refused: list[str] = field(default_factory=list)
    """What of them Amazon would not take, by its models."""
    seconds: dict[str, float] = field(default_factory=dict)

    def __str__(self) -> str:
        times = ", ".join(f"{step} {seconds:.0f} s" for step, seconds in self.seconds.items())
        return f"{self.name}: {self.resources} resources; {times}"


def cycle(spec: Path, folder: Path, terraform: Terraform, name: str, *, again: bool = False) -> Report:
    """Play a spec through in a folder of its own. Raises `TerraformError` at the first command that fails.

    With `again`, everything is applied once more after it was destroyed: no name may still be taken.
    """
    deployment = read_spec(str(spec)).deployment
    account = _account(deployment)
    with running(folder / "emulator", account) as emulator, ExitStack() as provider:
        terraform = replace(terraform, environment=emulator.environment)
        try:
            report = _play(_Life(spec, deployment, folder, emulator, terraform, Report(name), provider), again=again)
        except TerraformError as error:
            said = "\n".join([*emulator.failures(), *emulator.refusals()])
            raise TerraformError(f"{name}: {error}\n{said}") from None
    report.requests, report.refused = emulator.checked(), emulator.refusals()
    return report


@dataclass
class _Life:
    spec: Path
    deployment: Deployment
    folder: Path
    emulator: Emulator
    terraform: Terraform
    report: Report
    provider: ExitStack
    """Ends the provider, which runs from the first `init` on."""

    @property
    def root(self) -> Path:
        return self.folder / "aws"

    @property
    def modules(self) -> list[Path]:
        """The modules in the order in which they are applied."""
        return [self.root / name for name in MODULES if any((self.root / name).glob("*.tf"))]

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        start = time.monotonic()
        yield
        self.report.seconds[name] = time.monotonic() - start


def _play(life: _Life, *, again: bool) -> Report:
    _bring_domain(life)
    render(life.spec, "aws", life.root)
    for module in life.modules:
        with life.step(module.name):
            life.report.resources += _apply(life, module)
    with life.step("second plan"):
        for module in life.modules:
            _plan_again(life, module)
    life.report.environment = _environment(life.report.plans["."])
    with life.step("destroy"):
        if life.deployment.security.deletion_protection:
            render(unprotected(life.spec, life.folder / "unprotected.yaml"), "aws", life.root)
            for module in life.modules:
                life.terraform.run(module, "apply", "-auto-approve", PARALLEL, *_values(life, module, "images"))
        for module in reversed(life.modules):
            if makes_its_bucket(module):
                move_to_file(life.terraform, module)
            life.terraform.run(module, "destroy", "-auto-approve", PARALLEL, *_values(life, module, "images"))
            if module != life.root:
                life.report.left += life.terraform.run(module, "state", "list").out.splitlines()
    if again:
        with life.step("apply again"):
            render(life.spec, "aws", life.root)
            life.report.again = sum(_apply_again(life, module) for module in life.modules)
    return life.report


def _apply(life: _Life, module: Path) -> int:
    """Apply a module of which nothing exists; return how many resources it has then."""
    _init(life, module)
    if not life.terraform.reattach:
        life.terraform = life.provider.enter_context(serving(life.terraform, module, types_in(life.root)))
    terraform = life.terraform
    if complaints := [diagnostic(item) for item in terraform.validate(module)]:
        raise TerraformError("\n".join(complaints))
    secrets = _values(life, module, "secret_values")
    terraform.run(module, "plan", PARALLEL, "-out=first.tfplan", *_values(life, module, "images"), *secrets)
    # Values of ephemeral variables stand in no plan, so they are given again.
    terraform.run(module, "apply", PARALLEL, *secrets, "first.tfplan")
    return _applied(life, module)


def _apply_again(life: _Life, module: Path) -> int:
    """Apply a module of which nothing exists any more, as deploy.sh does; return how many resources it has then."""
    _init(life, module)
    values = [*_values(life, module, "images"), *_values(life, module, "secret_values")]
    life.terraform.run(module, "apply", "-auto-approve", PARALLEL, *values)
    return _applied(life, module)


def _init(life: _Life, module: Path) -> None:
    """Initialize a module of which nothing exists; the bucket of its state may be one that it makes."""
    if makes_its_bucket(module):
        keep_in_file(life.terraform, module)
    else:
        life.terraform.init(module, *_backend(life))


def _applied(life: _Life, module: Path) -> int:
    """Bring the state to its bucket; return how many resources it has. What was looked up is none."""
    if makes_its_bucket(module):
        move_to_bucket(life.terraform, module, *_backend(life))
    addresses = life.terraform.run(module, "state", "list").out.splitlines()
    return sum(not address.startswith("data.") for address in addresses)


def _backend(life: _Life) -> list[str]:
    """Name the state's bucket where the spec names no account, of which the bucket's name is made."""
    bootstrap = life.root / "bootstrap"
    if not bootstrap.is_dir() or life.deployment.state.backend != "remote":
        return []
    if getattr(life.deployment.targets.get("aws"), "account", None):
        return []
    return [f"-backend-config=bucket={life.terraform.run(bootstrap, 'output', '-raw', 'state_bucket').out}"]


def _environment(plan: Mapping[str, Any]) -> dict[str, dict[str, str]]:
    """Read back what containers are told, from task definitions, launch templates and functions as AWS keeps them."""
    resources = plan["planned_values"]["root_module"]["resources"]
    tasks = [resource["values"] for resource in resources if resource["type"] == "aws_ecs_task_definition"]
    containers = [container for task in tasks for container in json.loads(task["container_definitions"])]
    found = {
        container["name"]: {item["name"]: item["value"] for item in container.get("environment", [])}
        for container in containers
    }
    templates = [resource["values"] for resource in resources if resource["type"] == "aws_launch_template"]
    machines = [told(template) for template in templates if is_of_a_container(template)]
    functions = [resource["values"] for resource in resources if resource["type"] == "aws_lambda_function"]
    found |= {each["description"].removeprefix("Container "): each["environment"][0]["variables"] for each in functions}
    return found | {machine["name"]: machine["environment"] for machine in machines}


def _plan_again(life: _Life, module: Path) -> None:
    """Plan without the secrets' values, which are needed only when a secret is made."""
    values = _values(life, module, "images")
    plan = life.terraform.run(module, "plan", "-detailed-exitcode", "-out=second.tfplan", *values, expect=(0, 2))
    changes = life.terraform.changes(module, "second.tfplan") if plan.code == 2 else []
    name = module.relative_to(life.root).as_posix()
    life.report.plans[name] = json.loads(life.terraform.run(module, "show", "-json", "second.tfplan").out)
    for change in changes:
        known = change.actions == ("update",) and all((change.type, name) in TOLERATED for name in change.attributes)
        (life.report.tolerated if known else life.report.second_plan).append(change)


def _values(life: _Life, module: Path, variable: str) -> list[str]:
    """Write a file with values for a variable, where the module has that: images by digest, or the secrets."""
    built = [name for name, container in life.deployment.containers.items() if container.image is None]
    values = {
        "images": {name: f"example.com/{name}@sha256:{hashlib.sha256(name.encode()).hexdigest()}" for name in built},
        "secret_values": dict.fromkeys(life.deployment.security.secrets, "for the emulator only"),
    }
    found = declared(module, {variable: values[variable]})
    if not found:
        return []
    path = life.folder / f"{variable}.tfvars.json"
    path.write_text(json.dumps(found), encoding="utf-8")
    return [f"-var-file={path}"]


def _bring_domain(life: _Life) -> None:
    balancer = life.deployment.load_balancer
    if balancer is not None and balancer.zone is not None and not balancer.create_zone:
        life.emulator.create_zone(balancer.zone)


def _account(deployment: Deployment) -> str:
    coordinates = deployment.targets.get("aws")
    account = getattr(coordinates, "account", None)
    # Any account will do where the spec names none.
    return account or "111122223333"
