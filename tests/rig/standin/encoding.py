"""Terraform values on the wire: MessagePack, with an extension type for what is unknown until apply."""

from __future__ import annotations

from typing import Any

import msgpack

from rig.standin.messages import MESSAGE, Message

UNKNOWN = msgpack.ExtType(0, b"\0")


def is_unknown(value: Any) -> bool:
    """Whether a value is known only after apply (Terraform may attach refinements to it)."""
    return isinstance(value, msgpack.ExtType)


def unpack(dynamic: Message) -> Any:
    """Decode a `DynamicValue`; None when it is empty or null."""
    return msgpack.unpackb(dynamic.msgpack, strict_map_key=False) if dynamic.msgpack else None


def pack(value: Any) -> Message:
    """Encode a value as a `DynamicValue`."""
    return MESSAGE["DynamicValue"](msgpack=msgpack.packb(value))
