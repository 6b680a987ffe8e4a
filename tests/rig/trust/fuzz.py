"""Broken and hostile specs through the command line: no traceback, no signal, and a limit of time and memory a case."""

# ruff: noqa: E501  # the tables read better so
from __future__ import annotations

import contextlib
import io
import json
import os
import random
import re
import resource
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from cloudgen import cli
from rig.trust.outcome import Outcome
from rig.trust.payloads import PIECES

TESTS = Path(__file__).parents[2]
SECONDS = 1.0
MEGABYTES = 100
_BATCH = 400
_COMMANDS = (
    ["validate"], ["validate", "--format", "json"], ["validate", "--format", "github"], ["explain"], ["explain", "--json"],
    ["render", "--target", "all", "--dry-run"],
)  # fmt: skip
_RAW = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\x80-\x9f\u202a-\u202e\u2066-\u2069]")


class _TooLongError(BaseException):
    """The limit of processor time of a case is over."""


def run(cases: int, seed: int, limit: float = SECONDS) -> Outcome:
    """Run so many inputs, each in one of the commands, in processes of a few hundred; `limit` is CPU seconds a case."""
    outcome = Outcome("fuzzed specs", figures={"slowest (CPU s)": 0.0, "largest process (MB)": 0})
    slowest, largest = 0.0, 0
    for start in range(0, cases, _BATCH):
        found = _in_a_process(range(start, min(cases, start + _BATCH)), seed, limit)
        outcome.cases += found["cases"]
        outcome.faults += found["faults"]
        slowest, largest = max(slowest, found["slowest"]), max(largest, found["megabytes"])
    if largest > MEGABYTES:
        outcome.faults.append(f"a process of {largest} MB")
    outcome.figures = {"slowest (CPU s)": round(slowest, 2), "largest process (MB)": largest}
    return outcome


def _in_a_process(numbers: range, seed: int, limit: float) -> dict[str, Any]:
    """Run cases in an interpreter of their own: a fork would begin with the memory of the tests around it."""
    command = [sys.executable, "-m", "rig.trust.fuzz", str(numbers.start), str(numbers.stop), str(seed), str(limit)]
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    run = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if run.returncode:
        fault = f"a process ended with {run.returncode}: {numbers}: {run.stderr[-500:]}"
        return {"cases": len(numbers), "faults": [fault], "slowest": 0, "megabytes": 0}
    found: dict[str, Any] = json.loads(run.stdout.splitlines()[-1])
    return found


def _peak() -> int:
    """The most memory that this process has had, in MB: what the kernel counts since the interpreter began."""
    status = Path("/proc/self/status")
    if status.exists():
        line = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM:"))
        return int(line.split()[1]) // 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def _batch(numbers: range, seed: int, limit: float) -> dict[str, Any]:
    corpus = _corpus()
    faults: list[str] = []
    slowest = 0.0
    signal.signal(signal.SIGPROF, _stop)
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        # Imports and templates, which a wheel brings compiled, take their time once.
        for path in TESTS.glob("golden/*/cloudgen.yaml"):
            _case(["render", "--target", "all", "--dry-run"], path.read_bytes(), 60 * SECONDS)
        for number in numbers:
            chance = random.Random(f"{seed}/{number}")
            text = mutated(chance, corpus)
            command = list(chance.choice(_COMMANDS))
            fault, seconds = _case(command, text, limit)
            slowest = max(slowest, seconds)
            if fault:
                faults.append(f"case {seed}/{number} {' '.join(command)}: {fault}")
    return {"cases": len(numbers), "faults": faults, "slowest": slowest, "megabytes": _peak()}


def _stop(*_: object) -> None:
    raise _TooLongError


def _case(command: list[str], text: bytes, limit: float) -> tuple[str | None, float]:
    Path("cloudgen.yaml").write_bytes(text)
    out, err = io.StringIO(), io.StringIO()
    begun = time.process_time()
    signal.setitimer(signal.ITIMER_PROF, limit)
    try:
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            code = cli.run([*command, "cloudgen.yaml"])
    except _TooLongError:
        return "too long", limit
    except BaseException as error:
        return type(error).__name__, time.process_time() - begun
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
    return _judged(command, code, out.getvalue(), err.getvalue()), time.process_time() - begun


def _judged(command: Sequence[str], code: int, out: str, err: str) -> str | None:
    if code not in (0, 1, 2, 3):
        return f"exit code {code}: {err[:80]}"
    if _RAW.search(out + err):
        return "a control character in what is printed"
    if ("json" in command or "--json" in command) and out:
        try:
            json.loads(out)
        except ValueError:
            return "no JSON"
    if "github" in command and not all(line.startswith("::") for line in out.splitlines()):
        return "no annotation"
    return None


def _corpus() -> list[bytes]:
    paths = [*TESTS.glob("golden/*/cloudgen.yaml"), *TESTS.glob("invalid/*.yaml"), *TESTS.glob("refused/*/*.yaml")]
    return [path.read_bytes() for path in sorted(paths)]


def mutated(chance: random.Random, corpus: Sequence[bytes]) -> bytes:
    """One input: a spec of the corpus, changed a few times, or a file of quite another kind."""
    text = chance.choice(corpus)
    for _ in range(chance.choice((1, 1, 2, 3, 6))):
        text = chance.choice(_CHANGES)(chance, text)
    return text[: 1024 * 1024 + 1]


def _piece(chance: random.Random) -> bytes:
    return chance.choice(PIECES).encode("utf-8", "surrogatepass")


def _insert(chance: random.Random, text: bytes) -> bytes:
    at = chance.randrange(len(text) + 1)
    return text[:at] + _piece(chance) * chance.choice((1, 1, 3)) + text[at:]


def _flip(chance: random.Random, text: bytes) -> bytes:
    at = chance.randrange(len(text) + 1)
    return text[:at] + bytes([chance.randrange(256)]) + text[at + 1 :]


def _line(chance: random.Random, text: bytes) -> bytes:
    lines = text.split(b"\n")
    at, other = chance.randrange(len(lines)), chance.randrange(len(lines))
    how = chance.randrange(4)
    if how == 0:
        del lines[at]
    elif how == 1:
        lines.insert(at, lines[other])
    elif how == 2:
        lines[at], lines[other] = lines[other], lines[at]
    else:
        lines[at] = b" " * chance.randrange(9) + lines[at].lstrip()
    return b"\n".join(lines)


def _value(chance: random.Random, text: bytes) -> bytes:
    lines = text.split(b"\n")
    at = chance.randrange(len(lines))
    key = lines[at].split(b":")[0]
    lines[at] = key + b": " + json.dumps(_piece(chance).decode("utf-8", "replace") * chance.choice((1, 2, 9))).encode()
    return b"\n".join(lines)


def _many(chance: random.Random, text: bytes) -> bytes:
    number = chance.choice((10, 300, 3000, 20000))
    unit = chance.choice(
        ("k{}: 1\n", "- {}\n", "k{}: &a{} 1\n", "[", "{{", "a: ", "://:", "a-", "eyJa.", "\u202e", "\0", "x", "=", "? ")
    )
    added = "".join(unit.format(index, index) if "{" in unit else unit for index in range(number)).encode()
    return chance.choice((added, text + b"\n" + added, b"name: '" + added + b"'\n" + text))


def _cut(chance: random.Random, text: bytes) -> bytes:
    return text[: chance.randrange(len(text) + 1)]


def _other_file(chance: random.Random, text: bytes) -> bytes:
    other = chance.choice(
        (b'{"a": [1, 2, {"b": null}]}', b"<html><body>", b"[section]\nkey=value\n", bytes(range(256)), b"\xff\xfea\0")
    )
    return other * chance.choice((1, 50)) + (text if chance.random() < 0.2 else b"")


_CHANGES = (_insert, _insert, _flip, _line, _line, _value, _value, _many, _cut, _other_file)


if __name__ == "__main__":
    _first, _end, _seed = map(int, sys.argv[1:4])
    print(json.dumps(_batch(range(_first, _end), _seed, float(sys.argv[4]))))
