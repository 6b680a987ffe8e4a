"""From a stack and a folder of templates to files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from cloudgen.render import RenderedFile, RenderError, render
from cloudgen.render.mark import HEADER
from cloudgen.render.templates import find_folder


@dataclass
class Image:
    output: str
    base: str = "python:3.12-slim"
    workflow: dict[str, Any] = field(default_factory=lambda: {"on": "push"})


@dataclass
class Network:
    zones: tuple[str, ...] = ("a", "b")
    off: None = None


@dataclass
class Stack:
    target: str = "lab"
    name: str = "shop"
    network: Network = field(default_factory=Network)
    nothing: None = None
    images: tuple[Image, ...] = (Image("web.Dockerfile"), Image("api/Dockerfile"))
    compose: Any = field(default_factory=lambda: {"services": {"web": {}}})
    warnings: tuple[Any, ...] = ()
    summary: tuple[Any, ...] = ()
    next_commands: tuple[str, ...] = ()
    identity: tuple[Any, ...] = ()
    held: tuple[Any, ...] = ()
    modules: Mapping[str, tuple[Any, ...]] = field(default_factory=dict)

    def letting_go(self, removed: tuple[Any, ...]) -> Stack:  # noqa: ARG002
        return self


def lab(tmp_path: Path, manifest: str, **templates: str) -> tuple[RenderedFile, ...]:
    """Render the stack above; a template's name is given with `_` for its dots: `a_tf`."""
    folder = tmp_path / "lab"
    folder.mkdir(exist_ok=True)
    (folder / "manifest.yaml").write_text(f"files:\n{manifest}")
    for name, text in templates.items():
        (folder / f"{name.replace('_', '.')}.j2").write_text(text)
    return render(Stack(), tmp_path)


def text_of(tmp_path: Path, output: str, template: str) -> str:
    return lab(tmp_path, f"- {{template: x.j2, output: {output}}}", x=template)[0].text


def test_a_format_decides_how_a_value_is_written(tmp_path: Path) -> None:
    loop = "{% for zone in stack.network.zones %}\n{{ zone }}\n{% endfor %}\n"
    assert text_of(tmp_path / "1", "a.tf", "z = {{ stack.network.zones }}\nname = {{ stack.name }}") == (
        HEADER + 'z    = ["a", "b"]\nname = "shop"\n'
    )
    assert text_of(tmp_path / "2", "Dockerfile", "CMD {{ stack.network.zones }}") == HEADER + 'CMD ["a", "b"]\n'
    assert text_of(tmp_path / "3", ".dockerignore", loop) == HEADER + "a\nb\n"
    assert text_of(tmp_path / "4", "README.md", loop) == "a\nb\n"


@pytest.fixture(autouse=True)
def folders(tmp_path: Path) -> None:
    for name in "123456":
        (tmp_path / name).mkdir()


def test_the_header_leaves_directives_first(tmp_path: Path) -> None:
    assert text_of(tmp_path / "1", "a.sh", "#!/bin/sh\n# why\nset -e\n") == f"#!/bin/sh\n{HEADER}# why\nset -e\n"
    assert text_of(tmp_path / "2", "Dockerfile", "# syntax=x\nFROM a\n") == f"# syntax=x\n{HEADER}FROM a\n"


def test_only_scripts_may_be_run(tmp_path: Path) -> None:
    manifest = "- {template: a.tf.j2, output: a.tf}\n- {template: b.sh.j2, output: bin/b.sh}"
    files = lab(tmp_path, manifest, a_tf="a = 1", b_sh="#!/bin/sh\n")
    assert [(file.path, file.executable) for file in files] == [("a.tf", False), ("bin/b.sh", True)]


def test_when(tmp_path: Path) -> None:
    manifest = """
- {template: a.tf.j2, output: yes.tf, when: network}
- {template: a.tf.j2, output: deep.tf, when: network.zones}
- {template: a.tf.j2, output: no.tf, when: nothing}
- {template: a.tf.j2, output: off.tf, when: network.off}
- {template: a.tf.j2, output: below_nothing.tf, when: nothing.at.all}
"""
    assert [file.path for file in lab(tmp_path, manifest, a_tf="a = 1")] == ["deep.tf", "yes.tf"]


def test_for_each(tmp_path: Path) -> None:
    manifest = """
- {template: Dockerfile.j2, for_each: images, as: image}
- {template: Dockerfile.j2, for_each: nothing, as: image}
- {data: compose, output: compose.yaml}
- {data: compose, output: compose.json}
"""
    files = lab(tmp_path, manifest, Dockerfile="FROM {{ image.base }}\n")
    assert {file.path: file.text for file in files} == {
        "api/Dockerfile": HEADER + "FROM python:3.12-slim\n",
        "web.Dockerfile": HEADER + "FROM python:3.12-slim\n",
        "compose.yaml": HEADER + "services:\n  web: {}\n",
        "compose.json": '{\n  "services": {\n    "web": {}\n  }\n}\n',
    }


def test_an_included_template_has_the_format_of_the_output(tmp_path: Path) -> None:
    manifest = "- {template: a.tf.j2, output: a.tf}"
    loop = '{% for zone in stack.network.zones %}\n{% include "part.tf.j2" %}\n{% endfor %}\n'
    files = lab(tmp_path, manifest, a_tf=loop, part_tf="b {{ zone }} {\n{% if stack.name %}\nx = 1\n{% endif %}\n}\n\n")
    assert files[0].text == HEADER + 'b "a" {\n  x = 1\n}\n\nb "b" {\n  x = 1\n}\n'


def test_the_same_stack_gives_the_same_bytes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    manifest = "- {template: b.tf.j2, output: b.tf}\n- {template: a.tf.j2, output: a.tf}"
    first = lab(tmp_path, manifest, a_tf="a = {{ stack.name }}", b_tf="b = 1")
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    monkeypatch.setenv("USER", "somebody")
    assert lab(tmp_path, manifest) == first
    assert [file.path for file in first] == ["a.tf", "b.tf"]


@pytest.mark.parametrize(
    ("manifest", "template", "said"),
    [
        ("- {template: a.tf.j2, output: a.tf}", "x = {{ stack.nam }}", r"lab/a\.tf\.j2.*nam"),
        ("- {template: a.tf.j2, output: a.tf}", "{% if stack.nam %}{% endif %}", r"lab/a\.tf\.j2.*nam"),
        ("- {template: a.tf.j2, output: a.tf}", "{% for a in stack.nam %}{% endfor %}", r"lab/a\.tf\.j2.*nam"),
        ("- {template: a.tf.j2, output: a.tf}", "x = {{ stack.images }}", r"lab/a\.tf\.j2.*Image"),
        ("- {template: a.tf.j2, output: a.tf}", "\n{% oops %}", r"lab/a\.tf\.j2:2.*oops"),
        ("- {template: a.tf.j2, output: a.tf}", '{% include "b.tf.j2" %}', r"b\.tf\.j2"),
        ("- {template: a.tf.j2, output: a.tf}", "x = {{ stack.name | upper }}", "upper"),
        ("- {template: a.tf.j2, output: a.tf}", "x = {{ range(3) }}", "range"),
        ("- {template: a.tf.j2, output: a.tf}", "x = <<EOT", r"lab/a\.tf\.j2.*heredoc"),
        ("- {template: b.tf.j2, output: a.tf}", "", r"b\.tf\.j2"),
        ("- {template: a.tf.j2, output: a.tf, when: nam}", "", "nam"),
        ("- {template: a.tf.j2, for_each: nam, as: x}", "", "nam"),
        ("- {template: a.tf.j2, output: a.tf}\n- {template: a.tf.j2, output: a.tf}", "", "two templates"),
        ("- {template: a.tf.j2, output: a.tf}\n- {template: a.tf.j2, output: A.tf}", "", "two templates"),
        ("- {template: a.tf.j2, output: a.tf}\n- {template: a.tf.j2, output: a.tf/b.tf}", "", "folder of"),
        ("- {template: a.tf.j2, output: a.exe}", "", "no format"),
        ("- {template: a.tf.j2, output: a.yaml}", "{{ stack.name }}", "no templates"),
        ("- {data: compose, output: a.tf}", "", "data"),
        ("- {data: images, output: a.yaml}", "", r"lab/a\.yaml.*Image"),
    ],
)
def test_mistakes_of_templates_are_told(tmp_path: Path, manifest: str, template: str, said: str) -> None:
    with pytest.raises(RenderError, match=said):
        lab(tmp_path, manifest, a_tf=template)


@pytest.mark.parametrize(
    "entry",
    [
        "{output: a.tf}",
        "{template: a.tf.j2}",
        "{template: a.tf.j2, data: compose, output: a.tf}",
        "{template: a.tf.j2, output: a.tf, for_each: images, as: x}",
        "{template: a.tf.j2, for_each: images}",
        "{template: a.tf.j2, for_each: images, as: stack}",
        "{template: a.tf.j2, for_each: images, as: loop}",
        "{template: a.tf.j2, output: a.tf, as: x}",
        "{template: a.tf.j2, output: a.tf, mode: 1}",
        "{template: ../a.tf.j2, output: a.tf}",
        "{template: /a.tf.j2, output: a.tf}",
        "{template: a.tf.j2, output: a.tf, when: a == b}",
        "{template: a.tf.j2, output: a.tf, when: __class__}",
        "{template: a.tf.j2, output: 1}",
    ],
)
def test_mistakes_of_manifests_are_told(tmp_path: Path, entry: str) -> None:
    with pytest.raises(RenderError, match=r"lab/manifest\.yaml"):
        lab(tmp_path, f"- {entry}", a_tf="a = 1")


def test_a_manifest_that_is_missing_or_no_yaml_is_told(tmp_path: Path) -> None:
    with pytest.raises(RenderError, match=r"lab/manifest\.yaml"):
        render(Stack(), tmp_path)
    with pytest.raises(RenderError, match=r"lab/manifest\.yaml is not YAML"):
        lab(tmp_path, "- {")


@pytest.mark.parametrize(
    "path",
    [
        "", "/a.tf", "../a.tf", "a/../b.tf", "./a.tf", "a//b.tf", "a/", "a\\b.tf", "a\0.tf", "a b.tf", "a\n.tf",
        "é.tf", "..", ".", "-a.tf", "a.", "~/a.tf", "$HOME.tf", "C:/a.tf", "a" * 300 + ".tf", "x_override.tf",
        "prod.tfvars", ".terraform/a.tf", "terraform.tfstate", ".cloudgen.json",
    ],
)  # fmt: skip
def test_no_output_leaves_the_folder_or_takes_the_users_name(tmp_path: Path, path: str) -> None:
    folder = tmp_path / "lab"
    folder.mkdir()
    (folder / "manifest.yaml").write_text("files: [{template: a.tf.j2, for_each: images, as: image}]")
    (folder / "a.tf.j2").write_text("a = 1\n")
    with pytest.raises(RenderError, match=r"not a path|never writes"):
        render(Stack(images=(Image(path),)), tmp_path)


def test_the_templates_are_found_in_a_checkout_and_in_a_wheel(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert (find_folder() / "aws" / "manifest.yaml").is_file()
    installed = tmp_path / "site-packages" / "cloudgen"
    (installed / "render").mkdir(parents=True)
    monkeypatch.setattr("cloudgen.render.templates.__file__", str(installed / "render" / "templates.py"))
    with pytest.raises(RenderError, match="not installed completely"):
        find_folder()
    (installed / "templates").mkdir()
    assert find_folder() == installed / "templates"
