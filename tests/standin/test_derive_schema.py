"""Deriving a schema is repeatable, and reads every kind of attribute and block out of bindings."""

from __future__ import annotations

import base64
import gzip
import io
import json
import os
import tarfile
import zipfile
from pathlib import Path

import derive_schema
import pytest

from rig.standin.schema import FOLDER, RecordedSchema

TYPESCRIPT = """
export interface QueueConfig extends cdktn.TerraformMetaArguments {
  /**
  * How messages leave. Possible values: ["PULL", "PUSH"]
  *
  * Docs at Terraform Registry: {@link https://example.com/queue#delivery Queue#delivery}
  */
  readonly delivery?: string;
}
export function queueRetryToHclTerraform(struct?: QueueRetry): any {
  const attrs = {
    attempts: {
      value: cdktn.numberToHclTerraform(struct!.attempts),
      isBlock: false,
      type: "simple",
      storageClassType: "number",
    },
  };
  return attrs;
}

export class QueueRetryOutputReference extends cdktn.ComplexObject {
  // attempts - computed: false, optional: false, required: true
  private _attempts?: number;
  public get attempts() {
    return this.getNumberAttribute('attempts');
  }
}
export class Queue extends cdktn.TerraformResource {
  public static readonly tfResourceType = "google_queue";
  // delivery - computed: true, optional: true, required: false
  private _delivery?: string;
  public get delivery() {
    return this.getStringAttribute('delivery');
  }
  // id - computed: true, optional: false, required: false
  public get id() {
    return this.getStringAttribute('id');
  }
  // labels - computed: false, optional: true, required: false
  private _labels?: { [key: string]: string };
  public get labels() {
    return this.getStringMapAttribute('labels');
  }
  // token_wo - computed: false, optional: true, required: false
  private _tokenWo?: string;
  public get tokenWo() {
    return this.getStringAttribute('token_wo');
  }
  // zones - computed: false, optional: true, required: false
  private _zones?: string[];
  public get zones() {
    return cdktn.Fn.tolist(this.getListAttribute('zones'));
  }
  // retry - computed: false, optional: true, required: false
  private _retry = new QueueRetryOutputReference(this, "retry");
  public get retry() {
    return this._retry;
  }
  protected synthesizeHclAttributes(): { [name: string]: any } {
    const attrs = {
      zones: {
        value: cdktn.listMapperHcl(cdktn.stringToHclTerraform, false)(this._zones),
        isBlock: false,
        type: "set",
        storageClassType: "stringList",
      },
      retry: {
        value: queueRetryToHclTerraform(this._retry.internalValue),
        isBlock: true,
        type: "list",
        storageClassType: "QueueRetryList",
      },
    };
    return attrs;
  }
}
"""
PROVIDER = """
export class GoogleProvider extends cdktn.TerraformProvider {
  public static readonly tfResourceType = "google";
  constructor(scope: Construct) {
    super(scope, id, {
      terraformGeneratorMetadata: {
        providerName: 'google',
        providerVersion: '8.7.0',
      },
    });
  }
  // project - computed: false, optional: true, required: false
  private _project?: string;
  public get project() {
    return this._project;
  }
}
"""
PLAIN = {"description_kind": "plain"}
QUEUE = {
    "attributes": {
        "delivery": {"type": "string", "optional": True, "computed": True, "x_enum": ["PULL", "PUSH"], **PLAIN},
        "id": {"type": "string", "computed": True, **PLAIN},
        "labels": {"type": ["map", "string"], "optional": True, **PLAIN},
        "token_wo": {"type": "string", "optional": True, "write_only": True, **PLAIN},
        "zones": {"type": ["set", "string"], "optional": True, **PLAIN},
    },
    "block_types": {
        "retry": {
            "nesting_mode": "list",
            "max_items": 1,
            "block": {"attributes": {"attempts": {"type": "number", "required": True, **PLAIN}}, **PLAIN},
        }
    },
    **PLAIN,
}


@pytest.fixture
def wheel(tmp_path: Path) -> Path:
    """Bindings of one resource, packed as the real ones are."""
    archive = io.BytesIO()
    with tarfile.open(fileobj=archive, mode="w:gz") as bindings:
        for folder, text in {"queue": TYPESCRIPT, "provider": PROVIDER}.items():
            source_map = base64.b64encode(json.dumps({"sourcesContent": [text]}).encode()).decode()
            content = f"//# sourceMappingURL=data:application/json;base64,{source_map}".encode()
            member = tarfile.TarInfo(f"package/lib/{folder}/index.js")
            member.size = len(content)
            bindings.addfile(member, io.BytesIO(content))
    path = tmp_path / "cdktn_provider_google-0.0.0-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as packed:
        packed.writestr("cdktn_provider_google/_jsii/provider-google@0.0.0.jsii.tgz", archive.getvalue())
    return path


def test_derived(wheel: Path) -> None:
    document = derive_schema.derive(wheel, {("resource_schemas", "google_queue")})
    schemas = document["provider_schemas"]["registry.terraform.io/hashicorp/google"]
    assert document["provider_version"] == "8.7.0"
    assert schemas["resource_schemas"] == {"google_queue": {"version": 0, "block": QUEUE}}
    assert schemas["provider"]["block"]["attributes"]["project"]["type"] == "string"


def test_types_that_are_not_listed_are_left_out(wheel: Path) -> None:
    document = derive_schema.derive(wheel, set())
    assert "resource_schemas" not in document["provider_schemas"]["registry.terraform.io/hashicorp/google"]


def test_the_same_wheel_gives_the_same_bytes(wheel: Path) -> None:
    wanted = {("resource_schemas", "google_queue")}
    first, second = (derive_schema.encode(derive_schema.derive(wheel, wanted)) for _ in range(2))
    assert first == second
    assert first[4:8] == b"\0\0\0\0", "no time stamp"


def test_a_wheel_without_bindings(tmp_path: Path) -> None:
    path = tmp_path / "other-1.0-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as packed:
        packed.writestr("other/__init__.py", "")
    with pytest.raises(ValueError, match="holds no prebuilt provider bindings"):
        derive_schema.derive(path, set())


def test_what_is_recorded_is_what_the_list_names() -> None:
    wanted = derive_schema.read_types(FOLDER / "types.txt")
    for path in sorted(FOLDER.glob("*.json.gz")):
        recorded = RecordedSchema(path)
        held = {
            (section, name)
            for section, types in recorded.schemas.items()
            if section.endswith("_schemas")
            for name in types
        }
        assert held == {(section, name) for section, name in wanted if name.startswith(f"{recorded.name}_")}, path.name


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.json.gz")), ids=lambda path: path.name)
def test_recorded_files_are_as_they_would_be_written(path: Path) -> None:
    document = json.loads(gzip.decompress(path.read_bytes()))
    assert gzip.decompress(derive_schema.encode(document)) == gzip.decompress(path.read_bytes())
    assert document["x_source"].startswith("cdktn_provider_")


@pytest.mark.skipif("CLOUDGEN_WHEELS" not in os.environ, reason="CLOUDGEN_WHEELS: name a folder with the wheels")
def test_recorded_files_are_what_the_wheels_say() -> None:
    wanted = derive_schema.read_types(FOLDER / "types.txt")
    compared = 0
    for path in FOLDER.glob("*.json.gz"):
        document = json.loads(gzip.decompress(path.read_bytes()))
        wheel = Path(os.environ["CLOUDGEN_WHEELS"]) / document["x_source"]
        if wheel.exists():
            assert derive_schema.derive(wheel, wanted) == document
            compared += 1
    assert compared
