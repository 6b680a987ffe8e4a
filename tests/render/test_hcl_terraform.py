"""Hostile text through the real Terraform: what comes out is what went in, laid out as it wants it."""

from __future__ import annotations

import json
import random
import subprocess
import unicodedata
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from cloudgen.render.align import format_hcl
from cloudgen.render.hcl import encode
from cloudgen.stack.base import Ref, Template, join
from rig.tools.toolbox import Require

SIGNS = [
    "${", "%{", "$${", "%%{", "$", "%", "{", "}", '"', "\\", "\\n", "\n", "\r", "\t", "\0", "\b", "\f", "\x1b", "\x7f",
    "\x85", "\xa0", "\u2028", "\u202e", "\u200d", "\ufeff", "é", "e\u0301", "\u0301", "\u212b", "😀", "👩\u200d👧",
    "🇩🇪", "क\u094dषि", "각", "\U000e007f", "\uffff", "<<EOT", "EOT", "#", "//", "/*", "*/", "=",
    "(", ")", "[", "]", ",", " ", "a", "null", "'", "`", "~}",
    '${file("/etc/hostname")}', "%{ if true }x%{ endif }", '"\n}\noutput "evil" {\nvalue = 1\n}\n',
]  # fmt: skip
"""Without the pair of a letter beyond U+FFFF and a combining mark: Go's normalisation mistakes U+E0041 U+0301 for Á."""

REFERENCE = Ref("terraform_data.reference.output")


def hostile(count: int) -> list[str]:
    rng = random.Random(20)
    pairs = {a + b for a, b in product(SIGNS[:13], repeat=2)}
    texts = {*SIGNS, *pairs, "\n".join(SIGNS)}
    while len(texts) < count:
        texts.add("".join(rng.choices(SIGNS, k=rng.randint(2, 9))))
    return sorted(texts)


def templates(count: int) -> list[Template]:
    rng = random.Random(21)
    parts: list[Any] = [*SIGNS[:13], REFERENCE, REFERENCE, REFERENCE, REFERENCE]
    return [join(*rng.choices(parts, k=rng.randint(1, 6))) for _ in range(count)]


@pytest.mark.terraform
def test_every_text_survives(require: Require, tmp_path: Path) -> None:
    terraform = require("terraform")
    texts, joined = hostile(300), templates(60)
    keys = {unicodedata.normalize("NFC", text): number for number, text in enumerate(texts)}
    numbers: list[Any] = [0, -1, 10**20, 1.5, -0.0, 60.0, 1e16, 1e-7, True, None]
    words = {"for": 1, "true": 2, "null": 3, "if": 4, "in": 5, "false": 6, "endfor": 7}
    outputs: dict[str, Any] = {"texts": texts, "joined": joined, "keys": keys, "numbers": numbers, "words": words}
    source = format_hcl(
        'resource "terraform_data" "reference" {\ninput = "REF"\n}\n'
        + f'\nresource "terraform_data" "texts" {{\ninput = {encode(texts)}\n}}\n'
        + "".join(f"\noutput {encode(name)} {{\nvalue = {encode(value)}\n}}\n" for name, value in outputs.items())
        + '\noutput "stored" {\nvalue = terraform_data.texts.output\n}\n'
    )
    (tmp_path / "main.tf").write_text(source, encoding="utf-8", newline="")

    def run(*arguments: str) -> str:
        done = subprocess.run(
            [terraform, *arguments], cwd=tmp_path, check=False, capture_output=True, text=True, encoding="utf-8"
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    run("fmt", "-check", "-diff")
    run("init", "-input=false")
    run("apply", "-auto-approve", "-input=false", "-no-color")
    read = {name: output["value"] for name, output in json.loads(run("output", "-json")).items()}

    expected = [unicodedata.normalize("NFC", text) for text in texts]
    assert read["texts"] == expected
    assert read["stored"] == expected
    assert read["keys"] == keys
    assert read["numbers"] == numbers
    assert read["words"] == words
    assert read["joined"] == [
        unicodedata.normalize("NFC", "".join("REF" if isinstance(part, Ref) else part for part in template.parts))
        for template in joined
    ]
    assert "evil" not in read
