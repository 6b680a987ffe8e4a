"""Read the schema of a Terraform provider out of its prebuilt CDKTN bindings.

The bindings are generated from the provider's own schema, and every compiled file carries the TypeScript it was
compiled from in its source map. Where each fact stands there:

* `// name - computed: …, optional: …, required: …` stands before each attribute;
* the getter and the private field under it give the type, or the class of a nested structure;
* `synthesizeHclAttributes` and `…ToHclTerraform` tell sets from lists and blocks from attributes of object type;
* one structure instead of many means at most one block;
* `markWriteOnlyAttribute` marks write-only attributes;
* the description of an argument of the google provider lists its possible values.

What the bindings do not hold: which attributes force a replacement, which are sensitive, defaults, and every rule
between fields. Recursive blocks (WAF statements) are cut after two levels.
"""

from __future__ import annotations

import base64
import io
import json
import re
import tarfile
import zipfile
from collections import defaultdict
from pathlib import Path
from typing import Any

Json = dict[str, Any]

RECURSION = 2
SOURCE_MAP = re.compile(r"sourceMappingURL=data:application/json;base64,([A-Za-z0-9+/=]+)")
RESOURCE_TYPE = re.compile(r'public static readonly tfResourceType = "([^"]+)"')
PROVIDER = re.compile(r"providerName: '(\w+)',\s+providerVersion: '([^']+)'")
CLASS = re.compile(r"\nexport class (\w+) extends (?:cdktf|cdktn)\.(\w+) \{\n(.*?)\n\}(?=\n|\Z)", re.S)
INTERFACE = re.compile(r"\nexport interface (\w+)[^{]*\{\n(.*?)\n\}", re.S)
ATTRIBUTE = re.compile(
    r"\n  // (\S+) - computed: (true|false), optional: (true|false), required: (true|false)\n"
    r"(.*?)(?=\n  // \S+ - computed: |\Z)",
    re.S,
)
HCL_FUNCTION = re.compile(r"\nexport function (\w+)ToHclTerraform\(.*?\n\}\n", re.S)
HCL_ENTRY = re.compile(
    r"\n {4,6}(?:\"|')?([\w-]+)(?:\"|')?: \{\n\s+value: (.*?),\n\s+isBlock: (\w+),\n\s+type: \"(\w+)\","
    r'\n\s+storageClassType: "([^"]*)",\n'
)
GETTER = re.compile(r"public get \w+\(\)[^{]*\{\s*(.*?)\s*\n  \}", re.S)
FIELD = re.compile(r'private _\w+\??\s*(?::\s*(.*?))?\s*(?:= new ([\w.]+)\(this, "[^"]*"(?:, (true|false))?\))?;')
CHOICES = re.compile(r'Possible values: \[("[^\]]*")\]')
GETTER_TYPES: tuple[tuple[str, Any], ...] = (
    ("getStringAttribute", "string"),
    ("getNumberAttribute", "number"),
    ("getBooleanAttribute", "bool"),
    ("getStringMapAttribute", ["map", "string"]),
    ("getNumberMapAttribute", ["map", "number"]),
    ("getBooleanMapAttribute", ["map", "bool"]),
    ("getAnyMapAttribute", ["map", "dynamic"]),
    ("getNumberListAttribute", ["list", "number"]),
    ("getListAttribute", ["list", "string"]),
)
PRIMITIVES = {"string": "string", "number": "number", "boolean": "bool", "any": "dynamic"}
STORED_PRIMITIVES = {"string": "string", "number": "number", "boolean": "bool"}


def sources(wheel: Path) -> dict[str, str]:
    """Return the TypeScript of each folder of the bindings; a folder is one resource or data source.

    Raises ValueError when the wheel holds no bindings.
    """
    found: dict[str, str] = defaultdict(str)
    with zipfile.ZipFile(wheel) as archive:
        package = next((name for name in archive.namelist() if name.endswith(".jsii.tgz")), None)
        if package is None:
            raise ValueError(f"{wheel.name} holds no prebuilt provider bindings (no *.jsii.tgz)")
        with tarfile.open(fileobj=io.BytesIO(archive.read(package)), mode="r:gz") as bindings:
            for member in bindings:
                parts = member.name.split("/")
                if not member.name.endswith(".js") or len(parts) < 4 or parts[1] != "lib":
                    continue
                content = bindings.extractfile(member)
                maps = SOURCE_MAP.findall(content.read().decode()) if content else []
                if maps:
                    texts = json.loads(base64.b64decode(maps[-1]))["sourcesContent"]
                    found[parts[2]] += "\n" + "\n".join(text or "" for text in texts)
    return dict(found)


def typescript_type(text: str) -> Any:
    """Translate a TypeScript type of a field to a Terraform type; ValueError when it is a structure."""
    text = text.strip().strip("()").removesuffix(" | cdktf.IResolvable").strip()
    if text in PRIMITIVES:
        return PRIMITIVES[text]
    if text.endswith("[]"):
        return ["list", typescript_type(text[:-2])]
    if found := re.fullmatch(r"Array<(.*)>", text):
        return ["list", typescript_type(found[1])]
    if found := re.fullmatch(r"\{ \[key: string\]: (.*) \}", text):
        return ["map", typescript_type(found[1])]
    raise ValueError(text)


def hcl_entries(text: str) -> dict[str, Json]:
    """Return what the HCL writer of the bindings knows of each attribute: block or not, list or set."""
    return {
        name: {"value": value, "block": block == "true", "type": kind, "storage": storage}
        for name, value, block, kind, storage in HCL_ENTRY.findall(text)
    }


def object_fields(block: Json) -> Json:
    """Return the fields of a block as an object type."""
    fields: Json = {name: attribute["type"] for name, attribute in block.get("attributes", {}).items()}
    for name, nested in block.get("block_types", {}).items():
        inner = ["object", object_fields(nested["block"])]
        fields[name] = inner if nested["nesting_mode"] == "single" else [nested["nesting_mode"], inner]
    return fields


class Package:
    """The bindings of one folder: its classes, and the schema blocks they describe."""

    def __init__(self, text: str) -> None:
        text = text.replace("cdktn.", "cdktf.")
        self.classes = {name: (base, body) for name, base, body in CLASS.findall(text)}
        self.entries = {
            found[1][0].upper() + found[1][1:]: hcl_entries(found[0]) for found in HCL_FUNCTION.finditer(text)
        }
        self.choices: dict[tuple[str, str], list[str]] = {}
        for interface, body in INTERFACE.findall(text):
            for comment in re.findall(r"/\*\*(.*?)\*/\n", body, re.S):
                name, values = re.search(r"\{@link \S+#(\S+) ", comment), CHOICES.search(comment)
                if name and values:
                    self.choices[interface, name[1]] = json.loads(f"[{values[1]}]")
        self.within: list[str] = []

    def types(self) -> list[tuple[str, str, str]]:
        """Return (class, base class, Terraform type) of each resource, data source or provider of the folder."""
        found = [(name, base, RESOURCE_TYPE.search(body)) for name, (base, body) in self.classes.items()]
        return [(name, base, match[1]) for name, base, match in found if base.startswith("Terraform") and match]

    def schema(self, class_name: str) -> Json:
        """Return the schema of a class, in the form of `terraform providers schema -json`."""
        body = self.classes[class_name][1]
        entries = hcl_entries(body[body.find("synthesizeHclAttributes") :])
        return {"version": 0, "block": self.block(body, entries, class_name + "Config")}

    def block(self, body: str, entries: dict[str, Json], interface: str) -> Json:
        """Return the block that a class body describes."""
        attributes: Json = {}
        blocks: Json = {}
        for name, computed, optional, required, code in ATTRIBUTE.findall("\n" + body):
            flags = {"required": required == "true", "optional": optional == "true", "computed": computed == "true"}
            settable = flags["optional"] or flags["required"]
            entry = entries.get(name)
            is_block, value = self.member(code, entry, settable, flags["required"])
            if is_block:
                blocks[name] = value
                continue
            attribute: Json = {"type": value, "description_kind": "plain"}
            attribute.update({flag: True for flag, on in flags.items() if on})
            if settable and (interface, name) in self.choices:
                attribute["x_enum"] = self.choices[interface, name]
            marked = entry is not None and "markWriteOnly" in entry["value"]
            if marked or (name.endswith("_wo") and flags["optional"] and not flags["computed"]):
                attribute["write_only"] = True
            attributes[name] = attribute
        out: Json = {"description_kind": "plain"}
        if attributes:
            out["attributes"] = attributes
        if blocks:
            out["block_types"] = blocks
        return out

    def member(self, code: str, entry: Json | None, settable: bool, required: bool) -> tuple[bool, Any]:
        """Return (is a block, nested block or attribute type) of one attribute."""
        getter = GETTER.search(code)
        field = FIELD.search(code)
        field_type, constructor, wraps = field.groups() if field else (None, None, None)
        if constructor and constructor.startswith("cdktf."):
            found = re.fullmatch(r"cdktf\.(String|Number|Boolean|Any)Map(List)?", constructor)
            if found is None:
                raise ValueError(f"unknown class {constructor}")
            inner = ["map", PRIMITIVES[found[1].lower()]]
            return False, [("set" if wraps == "true" else "list"), inner] if found[2] else inner
        if constructor:
            return self.structure(constructor, wraps == "true", entry, settable, required)
        body = getter[1] if getter else ""
        is_set = "Fn.tolist(" in body or (entry is not None and entry["type"] == "set")
        kind = next((kind for pattern, kind in GETTER_TYPES if pattern in body), None)
        if field_type and (kind is None or kind == ["list", "string"]):
            try:
                kind = typescript_type(field_type)
            except ValueError:
                found = re.fullmatch(r"(\w+)(\[\])?( \| cdktf\.IResolvable)?", field_type.strip())
                if found is None:
                    raise
                suffix = "List" if found[2] else "OutputReference"
                return self.structure(found[1] + suffix, is_set, entry, settable, required)
        if kind is None:
            raise ValueError(f"no type in: {code[:120]!r}")
        return False, ["set", kind[1]] if is_set and kind[0] == "list" else kind

    def structure(
        self, constructor: str, wraps: bool, entry: Json | None, settable: bool, required: bool
    ) -> tuple[bool, Any]:
        """Return (is a block, nested block or attribute type) of a nested structure."""
        many = constructor.endswith("List")
        is_map = constructor.endswith("Map") and constructor[:-3] + "OutputReference" in self.classes
        name = constructor[:-4] if many else constructor[:-3] if is_map else constructor.removesuffix("OutputReference")
        inner = self.inner(name)
        kind = (entry or {}).get("type") or ("set" if wraps else "list")
        if many:
            kind = "set" if wraps else "list"
        mapped_as_value = entry is not None and many and re.search(r"listMapperHcl\(\w+, false\)", entry["value"])
        if entry is not None and entry["block"] and settable and not mapped_as_value:
            mode = {"struct": "single"}.get(kind, kind)
            nested: Json = {"nesting_mode": mode, "block": inner}
            if mode in ("list", "set"):
                nested.update({"min_items": 1} if required else {}, **({} if many else {"max_items": 1}))
            return True, nested
        value = ["object", object_fields(inner)]
        return False, value if kind == "struct" else ["map" if is_map else kind, value]

    def inner(self, name: str) -> Json:
        """Return the block of a nested structure."""
        if self.within.count(name) >= RECURSION:
            return {"description_kind": "plain"}
        reference = self.classes.get(name + "OutputReference")
        if reference is None:  # the provider's own configuration has an interface only
            return self.from_entries(name)
        self.within.append(name)
        block = self.block(reference[1], self.entries.get(name, {}), name)
        self.within.pop()
        return block

    def from_entries(self, name: str) -> Json:
        """Return the block of a structure that only the HCL writer describes."""
        attributes: Json = {}
        for field, entry in self.entries.get(name, {}).items():
            storage = entry["storage"]
            kind: Any = STORED_PRIMITIVES.get(storage)
            if kind is None:
                kind = [entry["type"], STORED_PRIMITIVES[re.sub("(List|Map)$", "", storage)]]
            attributes[field] = {"type": kind, "description_kind": "plain", "optional": True}
        return {"attributes": attributes, "description_kind": "plain"}
