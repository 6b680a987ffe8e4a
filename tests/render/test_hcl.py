"""What the encoder writes, to the character. That Terraform reads it as meant is shown in test_hcl_terraform.py."""

from __future__ import annotations

import enum
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cloudgen.render import RenderError
from cloudgen.render.align import format_hcl
from cloudgen.render.hcl import encode
from cloudgen.stack.base import Address, Ref, Template, join

BUCKET = Address("aws_s3_bucket", "assets")


class Colour(str, enum.Enum):  # noqa: UP042  # whose str() is not its text
    RED = "red"


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (None, "null"),
        (True, "true"),
        (False, "false"),
        (0, "0"),
        (-7, "-7"),
        (10**20, "100000000000000000000"),
        (1.5, "1.5"),
        (60.0, "60"),
        (1e300, "1e+300"),
        ("", '""'),
        ("plain", '"plain"'),
        (Colour.RED, '"red"'),
        ('say "hi" \\ ', '"say \\"hi\\" \\\\ "'),
        ("a\n\r\tb", '"a\\n\\r\\tb"'),
        ("\0\x07\x08\x0c\x1b\x7f", '"\\u0000\\u0007\\u0008\\u000c\\u001b\\u007f"'),
        ("\u2028\u202e\ufeff\u200b", '"\\u2028\\u202e\\ufeff\\u200b"'),
        ("\U000e0020", '"\\U000e0020"'),
        ("é 😀 क", '"é 😀 क"'),
        ("e\u0301", '"é"'),
        ("${a}", '"$${a}"'),
        ("%{ if a }", '"%%{ if a }"'),
        ("$${a} $$${", '"$$${a} $$$${"'),
        ("$ { % $$ 5% $5", '"$ { % $$ 5% $5"'),
        (Ref("aws_vpc.main.id"), "aws_vpc.main.id"),
        (BUCKET, "aws_s3_bucket.assets"),
        (BUCKET.arn, "aws_s3_bucket.assets.arn"),
        (join(BUCKET.arn, "/*"), '"${aws_s3_bucket.assets.arn}/*"'),
        (join(BUCKET.arn), "aws_s3_bucket.assets.arn"),
        (join("", BUCKET.arn, ""), "aws_s3_bucket.assets.arn"),
        (join(), '""'),
        (join("$", "{x}"), '"$${x}"'),
        (join("$", BUCKET.id), '"\\u0024${aws_s3_bucket.assets.id}"'),
        (join("a%", BUCKET.id), '"a\\u0025${aws_s3_bucket.assets.id}"'),
        (join('"', BUCKET.id, "\n"), '"\\"${aws_s3_bucket.assets.id}\\n"'),
        ([], "[]"),
        ((), "[]"),
        ({}, "{}"),
        ([1, "a", BUCKET.id, None], '[1, "a", aws_s3_bucket.assets.id, null]'),
        (["x" * 60, "y" * 60], f'[\n"{"x" * 60}",\n"{"y" * 60}",\n]'),
        ([{"a": 1, "b-c": {}}], '[\n{ a = 1, "b-c" = {} },\n]'),
        ([{"a": "x" * 60, "b": "y" * 60}], f'[\n{{\na = "{"x" * 60}"\nb = "{"y" * 60}"\n}},\n]'),
        ({"a": {"for": 1}, "b": {"c": "x" * 60}}, f'{{\na = {{ "for" = 1 }}\nb = {{\nc = "{"x" * 60}"\n}}\n}}'),
        ([[1], []], "[\n[1],\n[],\n]"),
        ({"b": 1, "a": 2}, "{\nb = 1\na = 2\n}"),
        ({"a-b": 1, "1a": 2, "": 3, "for": 4, "a.b": 5}, '{\n"a-b" = 1\n"1a" = 2\n"" = 3\n"for" = 4\n"a.b" = 5\n}'),
        ({"é😀${": 1}, '{\n"\\u00e9\\U0001f600$${" = 1\n}'),
        ({BUCKET.arn: 1, join(BUCKET.arn): 2}, "{\n(aws_s3_bucket.assets.arn) = 1\n(aws_s3_bucket.assets.arn) = 2\n}"),
        ({join(BUCKET.id, ":sub"): 1}, '{\n"${aws_s3_bucket.assets.id}:sub" = 1\n}'),
    ],
)
def test_written(value: Any, written: str) -> None:
    assert encode(value) == written


@pytest.mark.parametrize(
    "value", [object(), b"x", {1}, 1j, range(3), float("nan"), float("inf"), {1: 2}, {None: 1}, [object()], "\ud800"]
)
def test_refused(value: Any) -> None:
    with pytest.raises(RenderError):
        encode(value)


def test_nested_values_are_laid_out() -> None:
    statement = {
        "Effect": "Allow",
        "Action": ["s3:GetObject"],
        "Resource": BUCKET.arn,
        "Condition": {"Bool": {"x": "y" * 60}},
    }
    policy = {"Version": "2012-10-17", "Statement": [statement]}
    assert format_hcl(f"policy = jsonencode({encode(policy)})") == (
        "policy = jsonencode({\n"
        '  Version = "2012-10-17"\n'
        "  Statement = [\n"
        "    {\n"
        '      Effect   = "Allow"\n'
        '      Action   = ["s3:GetObject"]\n'
        "      Resource = aws_s3_bucket.assets.arn\n"
        "      Condition = {\n"
        "        Bool = {\n"
        f'          x = "{"y" * 60}"\n'
        "        }\n"
        "      }\n"
        "    },\n"
        "  ]\n"
        "})\n"
    )


@given(st.lists(st.text(alphabet=st.sampled_from('${}%"\\\n a'))))
def test_no_text_ends_its_string_or_begins_an_expression(texts: list[str]) -> None:
    """Read the string back by the rules of HCL, in a second implementation."""
    reference = Ref("x")
    written = encode(Template(tuple(part for text in texts for part in (text, reference)) or ("",)))
    if written == "x":
        return
    assert read_back(written) == [part for text in texts for part in (*text, reference)]


def read_back(written: str) -> list[str | Ref]:
    assert written[0] == written[-1] == '"'
    read: list[str | Ref] = []
    position = 1
    while position < len(written) - 1:
        rest = written[position:-1]
        if rest.startswith("\\u"):
            read.append(chr(int(rest[2:6], 16)))
            position += 6
        elif rest.startswith("\\"):
            read.append({"n": "\n", '"': '"', "\\": "\\"}[rest[1]])
            position += 2
        elif rest.startswith(("$${", "%%{")):
            read += [rest[0], "{"]
            position += 3
        elif rest.startswith("${x}"):
            read.append(Ref("x"))
            position += 4
        else:
            assert not rest.startswith(("${", "%{", '"', "\n"))
            read.append(rest[0])
            position += 1
    return read
