"""The parts that hold data, in words that are the same on every cloud."""

from __future__ import annotations

from collections.abc import Mapping

from cloudgen.dataclass import replace
from cloudgen.errors import SpecPath
from cloudgen.spec.storage import VERSIONS
from cloudgen.stack.base import Address
from cloudgen.stack.held import Fact, Held
from cloudgen.stack.kinds import Stated

Blocks = Mapping[str, tuple[Address, ...]]
CUSTOMER = "customer_managed"


def stored(stated: Stated, keeps: str, facts: tuple[Fact, ...], blocks: Blocks) -> Held:
    """A resource that stores data."""
    return Held(stated.path, stated.title, keeps, _placed(facts, stated.path), blocks, called=stated.called)


def _placed(facts: tuple[Fact, ...], around: SpecPath) -> tuple[Fact, ...]:
    """Facts of a resource state the field alone; a field of another section states its whole path."""
    return tuple(fact if len(fact.path) > 1 else replace(fact, path=(*around, *fact.path)) for fact in facts)


def encrypted_with(encryption: str, why: str, *, both_ways: bool) -> Fact:
    """How it is encrypted. `both_ways` is false where leaving the key out goes on with the old one."""
    loses = both_ways or encryption == CUSTOMER
    return Fact("encryption", encryption, "loses" if loses else "stays", why, ("security", "encryption"))


def database_facts(
    service: str, engine: str, version: str, size: str, encryption: str, upgrade: str, resize: str
) -> tuple[Fact, ...]:
    """What is true of a database on every cloud. `upgrade` and `resize` say for how long it does not answer.

    Leaving out the customer's key goes on with it: both providers take the key of the server where none is stated.
    """
    replaced = f"{service} cannot change the engine of a server, so a new one takes its place, empty"
    key = f"{service} cannot encrypt a server with another key, so a new one takes its place, empty"
    return (
        Fact("engine", engine, "loses", replaced, ("engine",)),
        Fact("version", version, "interrupts", upgrade, ("version",), VERSIONS.get(engine, ())),
        Fact("size", size, "interrupts", resize, ("size",)),
        encrypted_with(encryption, key, both_ways=False),
    )


def container(name: str, kind: str, platform: str, alone: str = "", alike: tuple[str, ...] = ()) -> Held:
    """A container. It holds nothing, but each kind is a resource of its own, and each platform has its own.

    `alone` says what may not change with the platform, in the words that end a sentence. `alike` are platforms that run
    it by one and the same resource, which changes in place.
    """
    path = ("containers", name)
    why = "the old one stops, and another takes its place"
    facts = (Fact("kind", kind, "replaces", why, path), _platform(kind, platform, alone, alike, path))
    return Held(path, f"container {name}", "", facts)


def _platform(kind: str, platform: str, alone: str, alike: tuple[str, ...], path: SpecPath) -> Fact:
    """What runs a container. Nobody waits for a job between two runs."""
    if kind == "job":
        why = "the clock starts the new one from then on, and a run that has begun may be ended"
        return Fact("platform", platform, "replaces", why, path)
    moves = f"requests go to the new one at once, and it takes minutes to start{alone}"
    return Fact("platform", platform, "interrupts", moves, path, alike=alike)


def secret(name: str, blocks: Blocks) -> Held:
    """A secret."""
    return Held(("security", "secrets", name), f"secret {name}", "its value and the older ones", (), blocks)


def zone(name: str, blocks: Blocks) -> Held:
    """The DNS zone that Terraform makes."""
    path = ("load_balancer", "create_zone")
    why = "a zone of another name is a new one, which has to be delegated"
    keeps = "its delegation, and the records that others keep there"
    fact = Fact("zone", name, "loses", why, ("load_balancer", "dns_zone"))
    return Held(path, "the DNS zone of the domain", keeps, (fact,), blocks)


def audit_record() -> Held:
    """The audit trail. Its module goes as a whole, and is then never applied again, so there is no block to let go."""
    keeps = (
        "the folder account/ goes, so the trail would go on, unmanaged; to end it, first run "
        "`terraform -chdir=account destroy`"
    )
    return Held(("monitoring", "audit"), "the audit trail", keeps, only_let_go=True)


def state(blocks: Blocks) -> Held:
    """The bucket of Terraform's states."""
    keeps = "the states of the other modules are in it; `terraform init -migrate-state` copies them"
    return Held(("state", "backend"), "the bucket of Terraform's state", keeps, (), blocks, only_let_go=True)


def images(facts: tuple[Fact, ...], blocks: Blocks) -> Held:
    """The registry of the images that are built from this project."""
    keeps = "all images, those that run included"
    return Held(("containers",), "the registry of images", keeps, facts, blocks, called="images")


def encryption_key(blocks: Blocks) -> Held:
    """The customer's key, of all modules."""
    keeps = (
        "what is encrypted with it (databases, objects, messages, secrets, snapshots, images and Terraform's state) "
        "stays so, and containers lose the right to use it; the key must outlive all that"
    )
    return Held(("security", "encryption"), "the customer's key", keeps, (), blocks, only_let_go=True)
