"""A provider for any recorded schema: unknown at plan, plausible at apply, unchanged on read.

What is special about one cloud is in a subclass (`aws.provider`, `gcp.provider`, `random_provider`, `time_provider`).
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import count
from typing import Any

from rig.standin.breaking import HALF, to_break
from rig.standin.changes import Changes, changes_of
from rig.standin.cloud import Cloud
from rig.standin.computed import Computed, default_value
from rig.standin.deprecated import used
from rig.standin.diagnostics import attribute_path, diagnostic
from rig.standin.encoding import UNKNOWN, is_unknown, pack, unpack
from rig.standin.messages import MESSAGE, Message
from rig.standin.replacement import replaced_paths
from rig.standin.schema import Block, RecordedSchema, ValuePath, empty, walk, with_numbers
from rig.standin.sets import keep_known
from rig.standin.violation import Violation

Values = dict[str, Any]


class Provider:
    """The remote procedures of protocol 6; each takes a request message and returns the response."""

    computed: type[Computed] = Computed
    changed_by_others: tuple[str, ...] = ()
    """Types of which a provider may read other values than it wrote."""

    def __init__(self, recorded: RecordedSchema, cloud: Cloud | None = None) -> None:
        self.recorded = recorded
        self.cloud = cloud or Cloud.from_environment()
        self.configuration: Values = {}

    # ---- what a cloud adds

    def check_configuration(self, resource_type: str, config: Values) -> list[Violation]:
        """Check a resource's configuration; unknown values are skipped until apply."""
        return []

    def check_provider(self, config: Values) -> list[Violation]:
        """Check the provider block."""
        return []

    def check_creation(self, resource_type: str, config: Values, identity: str) -> list[Violation]:
        """Check what must exist, and what must not, before a resource is created."""
        return []

    def check_update(self, resource_type: str, config: Values, identity: str = "") -> list[Violation]:
        """Check what must exist before a resource is changed in place."""
        return []

    def deferred(self, resource_type: str, old: Values, new: Values) -> Values:
        """Return those of a resource's new values that the cloud puts off."""
        return {}

    def read_back(self, resource_type: str, known: Values, cloud: Cloud) -> Values:
        """Return what the cloud says of a resource and its state does not."""
        thing = cloud.things.get(f"{resource_type} {known.get('id')}")
        return {} if thing is None else {name: thing.values[name] for name in known if name in thing.values}

    def check_deletion(self, resource_type: str, prior: Values) -> list[Violation]:
        """Check whether a resource may go."""
        return []

    def name_stays(self, resource_type: str, prior: Values) -> bool:
        """Whether a deleted resource's name stays taken."""
        return False

    def taken_over(self, resource_type: str, identity: str) -> None:
        """Note that a resource was imported."""

    def renewed(self, resource_type: str, prior: Values, proposed: Values) -> Iterable[str]:
        """Return the computed attributes that a change in place computes anew, such as a version."""
        return ()

    def known_at_plan(self, resource_type: str, name: str, config: Values) -> Any:
        """Return a top-level computed value that the provider knows before apply, None when it does not."""
        return None

    def finish_plan(self, resource_type: str, planned: Values, block: Block) -> Values:
        """Adjust a whole planned value."""
        return planned

    def replaced_by_value(self, resource_type: str, prior: Values, planned: Values) -> Iterable[ValuePath]:
        """Return the paths of what cannot change in place to this value, though to another one it could."""
        return ()

    def changes_in_place(self, resource_type: str, planned: Values, path: ValuePath) -> bool:
        """Whether another argument lets what would replace a resource change in place."""
        return False

    def read_data(self, source_type: str, out: Values, computed: Computed) -> Values:
        """Adjust the values of a data source."""
        return out

    # ---- configuration and validation

    def ValidateProviderConfig(self, request: Message) -> Message:  # noqa: N802 - the protocol's name
        """Check the provider block."""
        return MESSAGE["Diagnostics2"](diagnostics=map(diagnostic, self.check_provider(unpack(request.config) or {})))

    def ConfigureProvider(self, request: Message) -> Message:  # noqa: N802 - the protocol's name
        """Remember the provider's configuration."""
        config = unpack(request.config) or {}
        self.configuration = self.configured(
            {name: value for name, value in config.items() if value and not is_unknown(value)}
        )
        return MESSAGE["Diagnostics1"]()

    def configured(self, config: Values) -> Values:
        """Return the configuration that holds from now on; a module may have several provider blocks."""
        return config

    def _validate(self, section: str, request: Message) -> Message:
        config = with_numbers(self.recorded.block(section, request.type_name), unpack(request.config))
        found: list[Violation] = []

        def visit(path: ValuePath, attribute: Block, value: Any) -> Any:
            if value is None or is_unknown(value):
                return value
            name = path[-1]
            if attribute.get("computed") and not attribute.get("optional"):
                found.append(
                    Violation(path, "its value is decided by the provider", "Value for unconfigurable attribute")
                )
            choices = attribute.get("x_enum")
            if choices and isinstance(value, str) and value not in ("", *choices):
                found.append(
                    Violation(path, f"expected {name} to be one of {choices}, got {value!r}", "Unexpected value")
                )
            return value

        block = self.recorded.block(section, request.type_name)
        walk(block, config, visit)
        if section == "resource_schemas":
            found += self.check_configuration(request.type_name, config)
        old = [Violation(path, "is deprecated", "Argument is deprecated") for path in used(block, config)]
        return MESSAGE["Diagnostics1"](diagnostics=[*map(diagnostic, found), *(diagnostic(one, 2) for one in old)])

    def ValidateResourceConfig(self, request: Message) -> Message:  # noqa: N802 - the protocol's name
        """Check a resource block."""
        return self._validate("resource_schemas", request)

    def ValidateDataResourceConfig(self, request: Message) -> Message:  # noqa: N802 - the protocol's name
        """Check a data block."""
        return self._validate("data_source_schemas", request)

    def ValidateEphemeralResourceConfig(self, request: Message) -> Message:  # noqa: N802 - the protocol's name
        """Check an ephemeral block."""
        return self._validate("ephemeral_resource_schemas", request)

    # ---- managed resources

    def UpgradeResourceState(self, request: Message) -> Message:  # noqa: N802 - the protocol's name
        """Return the stored state; the recorded versions do not differ."""
        return MESSAGE["UpgradeResponse"](upgraded_state=MESSAGE["DynamicValue"](json=request.raw_state.json))

    def ReadResource(self, request: Message) -> Message:  # noqa: N802 - the protocol's name
        """Return the state as it is, but for types that something else changes, too."""
        state = request.current_state
        if request.type_name in self.changed_by_others:
            known = unpack(state)
            with self.cloud.open() as cloud:
                state = pack(known | self.read_back(request.type_name, known, cloud))
        return MESSAGE["ReadResponse"](new_state=state, private=request.private)

    def PlanResourceChange(self, request: Message) -> Message:  # noqa: N802 - the protocol's name
        """Plan: what is computed and not yet known is unknown."""
        plan = MESSAGE["PlanResponse"]
        prior, proposed = unpack(request.prior_state), unpack(request.proposed_new_state)
        block = self.recorded.block("resource_schemas", request.type_name)
        # Tags and labels of the provider block come to what its own block leaves as it is.
        if proposed is None or (prior == proposed == self.finish_plan(request.type_name, dict(proposed), block)):
            return plan(planned_state=request.proposed_new_state, planned_private=request.prior_private)
        proposed = keep_known(block, proposed, prior)
        if prior is not None:
            proposed |= dict.fromkeys(self.renewed(request.type_name, prior, proposed))
        config = with_numbers(block, unpack(request.config))
        found = self.check_configuration(request.type_name, config)
        if found:
            return plan(diagnostics=map(diagnostic, found))

        def visit(path: ValuePath, attribute: Block, value: Any) -> Any:
            if attribute.get("write_only"):
                return None
            if value is None and attribute.get("computed"):
                known = self.known_at_plan(request.type_name, str(path[0]), config) if len(path) == 1 else None
                return UNKNOWN if known is None else known
            return value

        planned = walk(block, proposed, visit)
        planned = self.finish_plan(request.type_name, planned, block)
        replaced = [] if prior is None else self._replaced(request.type_name, block, prior, planned)
        return plan(planned_state=pack(planned), requires_replace=replaced, planned_private=request.prior_private)

    def _replaced(self, resource_type: str, block: Block, prior: Values, planned: Values) -> list[Message]:
        known = changes_of(self.recorded.name).get(resource_type, Changes())
        paths = [*replaced_paths(block, known, prior, planned), *self.replaced_by_value(resource_type, prior, planned)]
        return [attribute_path(path) for path in paths if not self.changes_in_place(resource_type, planned, path)]

    def ApplyResourceChange(self, request: Message) -> Message:  # noqa: N802 - the protocol's name
        """Create, change or delete a resource in the imagined cloud."""
        apply = MESSAGE["ApplyResponse"]
        prior, planned, resource_type = unpack(request.prior_state), unpack(request.planned_state), request.type_name
        block = self.recorded.block("resource_schemas", resource_type)
        with self.cloud.open() as cloud:
            cloud.relied.clear()
            if planned is None:
                found = self.check_deletion(resource_type, prior)
                if found:
                    return apply(new_state=request.prior_state, diagnostics=map(diagnostic, found))
                cloud.remove(resource_type, str(prior.get("id")), self.name_stays(resource_type, prior))
                return apply(new_state=request.planned_state)
            config = with_numbers(block, unpack(request.config))
            found = self.check_configuration(resource_type, config)
            if prior is None:
                new = self._filled(block, planned, self._new_values(resource_type, planned))
                found += self.check_creation(resource_type, config, str(new.get("id")))
            else:
                new = self._filled(block, planned, self.computed(resource_type, planned, self.configuration))
                found += self.check_update(resource_type, config, str(new.get("id")))
            if found:
                return apply(new_state=request.prior_state, diagnostics=map(diagnostic, found))
            later = {} if prior is None else self.deferred(resource_type, prior, new)
            cloud.put(resource_type, str(new.get("id")), with_numbers(block, new), with_numbers(block, prior), later)
            half = prior is None and to_break(cloud.path.parent if cloud.path else None, resource_type)
        if half:
            return apply(new_state=pack(new), private=request.planned_private, diagnostics=[diagnostic(HALF)])
        return apply(new_state=pack(new), private=request.planned_private)

    def _new_values(self, resource_type: str, planned: Values) -> Computed:
        """Return the computed values of a new resource; resources of the same configuration get ids of their own."""
        computed = self.computed(resource_type, planned, self.configuration)
        for salt in count(1):
            if not self.cloud.exists(resource_type, computed.identity()):
                break
            other = self.computed(resource_type, planned, self.configuration, str(salt))
            if other.identity() == computed.identity():
                break
            computed = other
        return computed

    def _filled(self, block: Block, planned: Values, computed: Computed) -> Values:
        """Replace every unknown value of a planned resource."""

        def inside(kind: Any, value: Any, name: str) -> Any:
            if is_unknown(value):
                return computed.value(name, kind, optional=True)
            if isinstance(kind, str) or value is None:
                return value
            outer, inner = kind
            if outer == "object":
                return {field: inside(inner[field], item, field) for field, item in value.items()}
            if outer == "map":
                return {key: inside(inner, item, key) for key, item in value.items()}
            return [inside(inner, item, name) for item in value]

        def visit(path: ValuePath, attribute: Block, value: Any) -> Any:
            if attribute.get("write_only"):
                return None
            name = next(str(key) for key in reversed(path) if isinstance(key, str))
            if not is_unknown(value):
                return inside(attribute["type"], value, name)
            if len(path) > 1 and attribute.get("optional"):
                return default_value(attribute["type"])
            return computed.value(name, attribute["type"], bool(attribute.get("optional")))

        filled: Values = walk(block, planned, visit)
        return filled

    def ImportResourceState(self, request: Message) -> Message:  # noqa: N802 - the protocol's name
        """Import what exists, or keeps its name though it was deleted; of anything else nothing but the id is known."""
        block = self.recorded.block("resource_schemas", request.type_name)
        with self.cloud.open() as cloud:
            known = cloud.things.get(f"{request.type_name} {request.id}")
            self.taken_over(request.type_name, request.id)
        value = known.values if known else empty(block) | {"id": request.id}
        return MESSAGE["ImportResponse"](
            imported_resources=[MESSAGE["Imported"](type_name=request.type_name, state=pack(value))]
        )

    # ---- data sources and ephemeral resources

    def _read(self, section: str, request: Message) -> Message:
        config = unpack(request.config)
        computed = self.computed(request.type_name, config, self.configuration)

        def visit(path: ValuePath, attribute: Block, value: Any) -> Any:
            if value is None and attribute.get("computed"):
                return computed.value(str(path[-1]), attribute["type"], bool(attribute.get("optional")))
            return value

        out = walk(self.recorded.block(section, request.type_name), config, visit)
        return pack(self.read_data(request.type_name, out, computed))

    def ReadDataSource(self, request: Message) -> Message:  # noqa: N802 - the protocol's name
        """Read a data source."""
        return MESSAGE["ReadDataResponse"](state=self._read("data_source_schemas", request))

    def OpenEphemeralResource(self, request: Message) -> Message:  # noqa: N802 - the protocol's name
        """Open an ephemeral resource."""
        return MESSAGE["OpenResponse"](result=self._read("ephemeral_resource_schemas", request))

    def CloseEphemeralResource(self, _request: Message) -> Message:  # noqa: N802 - the protocol's name
        """Close an ephemeral resource."""
        return MESSAGE["Diagnostics1"]()

    def StopProvider(self, _request: Message) -> Message:  # noqa: N802 - the protocol's name
        """Stop: nothing here takes long."""
        return MESSAGE["Empty"]()
