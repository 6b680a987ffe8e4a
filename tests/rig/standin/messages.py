"""Terraform's plugin protocol, major version 6, as protobuf messages that are built when this module is imported.

The protocol is published as `docs/plugin-protocol/tfplugin6.*.proto` in HashiCorp's terraform repository; only the
messages and fields that the stand-in needs are listed. A line reads `Message: field=number[:type][mark]`; the type is
`string` when none is given, the mark `*` means repeated, `%` a map from string, and `|` one of those with that mark:
only one of them is there, and it is sent even where it is 0.
"""

from __future__ import annotations

import json
from typing import Any

from google.protobuf import descriptor_pb2, descriptor_pool, message_factory

Message = Any
"""A protobuf message; its class exists only at run time."""

PACKAGE = "standin"
MESSAGES = """
DynamicValue: msgpack=1:bytes json=2:bytes
Diagnostic: severity=1:int32 summary=2 detail=3 attribute=4:AttributePath
Step: attribute_name=1| element_key_string=2| element_key_int=3:int64|
AttributePath: steps=1:Step*
RawState: json=1:bytes flatmap=2%
Attribute: name=1 type=2:bytes description=3 required=4:bool optional=5:bool computed=6:bool sensitive=7:bool \
description_kind=8:int32 deprecated=9:bool write_only=11:bool
NestedBlock: type_name=1 block=2:Block nesting=3:int32 min_items=4:int64 max_items=5:int64
Block: version=1:int64 attributes=2:Attribute* block_types=3:NestedBlock* description=4 description_kind=5:int32 \
deprecated=6:bool
Schema: version=1:int64 block=2:Block
ServerCapabilities: plan_destroy=1:bool get_provider_schema_optional=2:bool move_resource_state=3:bool
Empty:
SchemaResponse: provider=1:Schema resource_schemas=2:Schema% data_source_schemas=3:Schema% diagnostics=4:Diagnostic* \
provider_meta=5:Schema server_capabilities=6:ServerCapabilities ephemeral_resource_schemas=8:Schema%
ConfigRequest: config=1:DynamicValue
ProviderConfigRequest: terraform_version=1 config=2:DynamicValue
TypeConfigRequest: type_name=1 config=2:DynamicValue
Diagnostics1: diagnostics=1:Diagnostic*
Diagnostics2: diagnostics=2:Diagnostic*
UpgradeRequest: type_name=1 version=2:int64 raw_state=3:RawState
UpgradeResponse: upgraded_state=1:DynamicValue diagnostics=2:Diagnostic*
ReadRequest: type_name=1 current_state=2:DynamicValue private=3:bytes
ReadResponse: new_state=1:DynamicValue diagnostics=2:Diagnostic* private=3:bytes
PlanRequest: type_name=1 prior_state=2:DynamicValue proposed_new_state=3:DynamicValue config=4:DynamicValue \
prior_private=5:bytes
PlanResponse: planned_state=1:DynamicValue requires_replace=2:AttributePath* planned_private=3:bytes \
diagnostics=4:Diagnostic*
ApplyRequest: type_name=1 prior_state=2:DynamicValue planned_state=3:DynamicValue config=4:DynamicValue \
planned_private=5:bytes
ApplyResponse: new_state=1:DynamicValue private=2:bytes diagnostics=3:Diagnostic*
ImportRequest: type_name=1 id=2
Imported: type_name=1 state=2:DynamicValue private=3:bytes
ImportResponse: imported_resources=1:Imported* diagnostics=2:Diagnostic*
ReadDataResponse: state=1:DynamicValue diagnostics=2:Diagnostic*
OpenResponse: diagnostics=1:Diagnostic* result=3:DynamicValue
"""
METHODS = {
    "ValidateProviderConfig": ("ConfigRequest", "Diagnostics2"),
    "ValidateResourceConfig": ("TypeConfigRequest", "Diagnostics1"),
    "ValidateDataResourceConfig": ("TypeConfigRequest", "Diagnostics1"),
    "ValidateEphemeralResourceConfig": ("TypeConfigRequest", "Diagnostics1"),
    "UpgradeResourceState": ("UpgradeRequest", "UpgradeResponse"),
    "ConfigureProvider": ("ProviderConfigRequest", "Diagnostics1"),
    "ReadResource": ("ReadRequest", "ReadResponse"),
    "PlanResourceChange": ("PlanRequest", "PlanResponse"),
    "ApplyResourceChange": ("ApplyRequest", "ApplyResponse"),
    "ImportResourceState": ("ImportRequest", "ImportResponse"),
    "ReadDataSource": ("TypeConfigRequest", "ReadDataResponse"),
    "OpenEphemeralResource": ("TypeConfigRequest", "OpenResponse"),
    "CloseEphemeralResource": ("Empty", "Diagnostics1"),
    "StopProvider": ("Empty", "Empty"),
}
"""The remote procedures: request and response. `GetProviderSchema` is served as bytes, see `server`."""
CHOICE = "selector"
"""The name of the fields of which only one is there."""
_SCALARS = {"string": 9, "bytes": 12, "bool": 8, "int32": 5, "int64": 3}
_NESTING = {"single": 1, "list": 2, "set": 3, "map": 4, "group": 5}
_FLAGS = ("required", "optional", "computed", "sensitive", "write_only", "deprecated")


def _add_field(message: Any, item: str, message_name: str) -> None:
    name, _, rest = item.partition("=")
    mark = rest[-1] if rest[-1] in "*%|" else ""
    number, _, kind = rest.rstrip("*%|").partition(":")
    field = message.field.add(name=name, number=int(number), label=3 if mark and mark in "*%" else 1)
    if mark == "|":
        if not message.oneof_decl:
            message.oneof_decl.add(name=CHOICE)
        field.oneof_index = 0
    if mark == "%":
        entry = "".join(word.capitalize() for word in name.split("_")) + "Entry"
        nested = message.nested_type.add(name=entry)
        nested.options.map_entry = True
        nested.field.add(name="key", number=1, label=1, type=9)
        field.type, field.type_name = 11, f".{PACKAGE}.{message_name}.{entry}"
        field = nested.field.add(name="value", number=2, label=1)
    if not kind or kind in _SCALARS:
        field.type = _SCALARS[kind or "string"]
    else:
        field.type, field.type_name = 11, f".{PACKAGE}.{kind}"


def _build() -> dict[str, Any]:
    file = descriptor_pb2.FileDescriptorProto(name="standin.proto", package=PACKAGE, syntax="proto3")
    for line in MESSAGES.strip().splitlines():
        name, _, fields = line.partition(":")
        message = file.message_type.add(name=name)
        for item in fields.split():
            _add_field(message, item, name)
    pool = descriptor_pool.DescriptorPool()
    pool.Add(file)
    return {
        message.name: message_factory.GetMessageClass(pool.FindMessageTypeByName(f"{PACKAGE}.{message.name}"))
        for message in file.message_type
    }


MESSAGE = _build()
"""Message classes by name."""


def block_message(block: dict[str, Any]) -> Message:
    """Translate a block of the recorded schema to the protocol's message."""
    return MESSAGE["Block"](
        deprecated=bool(block.get("deprecated")),
        attributes=[
            MESSAGE["Attribute"](
                name=name,
                type=json.dumps(attribute["type"]).encode(),
                **{flag: True for flag in _FLAGS if attribute.get(flag)},
            )
            for name, attribute in block.get("attributes", {}).items()
        ],
        block_types=[
            MESSAGE["NestedBlock"](
                type_name=name,
                nesting=_NESTING[nested["nesting_mode"]],
                block=block_message(nested["block"]),
                min_items=nested.get("min_items", 0),
                max_items=nested.get("max_items", 0),
            )
            for name, nested in block.get("block_types", {}).items()
        ],
    )


def schema_response(schemas: dict[str, Any]) -> bytes:
    """Return the serialised answer to `GetProviderSchema` for one entry of `provider_schemas`."""

    def one(schema: dict[str, Any]) -> Message:
        return MESSAGE["Schema"](version=schema.get("version", 0), block=block_message(schema["block"]))

    sections = ("resource_schemas", "data_source_schemas", "ephemeral_resource_schemas")
    response = MESSAGE["SchemaResponse"](
        provider=one(schemas["provider"]),
        server_capabilities=MESSAGE["ServerCapabilities"](get_provider_schema_optional=True, plan_destroy=True),
        **{section: {name: one(schema) for name, schema in schemas.get(section, {}).items()} for section in sections},
    )
    serialised: bytes = response.SerializeToString()
    return serialised
