"""`python -m rig.trust`: run every harness for a few cases, or with `--full` for as many as docs/trust.md promises."""

from __future__ import annotations

import argparse
import os
import time
from collections.abc import Callable
from pathlib import Path

from rig.trust import attacks, determinism, edits, fuzz, kills, races, strings, walk
from rig.trust.outcome import Outcome

DOCS = Path(__file__).parents[3] / "docs/trust.md"
BEGIN, END = "<!-- figures -->\n", "<!-- end of figures -->\n"

Harness = Callable[[int, int], Outcome]
HARNESSES: tuple[tuple[str, Harness, int, int], ...] = (
    ("walk", walk.run, 60, 65_000),
    ("fuzz", fuzz.run, 300, 200_000),
    ("strings", strings.run, 2_000, 100_000),
    ("attacks", attacks.run, 190, 190),
    ("edits", edits.run, 10, 500),
    ("kills", kills.run, 4, 90),
    ("races", races.run, 2, 150),
    ("determinism", determinism.run, 3, 504),
)
"""Each with its cases in a short run and in a full one."""


def main() -> int:
    """Run what was asked for, print one line each, and return how many harnesses found a fault."""
    parser = argparse.ArgumentParser(prog="python -m rig.trust", description=__doc__)
    parser.add_argument("names", nargs="*", help="harnesses; default: all")
    parser.add_argument("--full", action="store_true", help="as many cases as promised")
    parser.add_argument("--cases", type=int, help="so many cases each")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--write", action="store_true", help="write the figures into docs/trust.md")
    options = parser.parse_args()
    begun, failed, lines = Path.cwd(), 0, []
    for name, run, few, all_of_them in HARNESSES:
        if options.names and name not in options.names:
            continue
        start = time.monotonic()
        outcome = run(options.cases or (all_of_them if options.full else few), options.seed)
        os.chdir(begun)
        print(f"{outcome} ({time.monotonic() - start:.0f} s)", flush=True)
        print("".join(f"  {fault}\n" for fault in outcome.faults[:20]), end="")
        failed += bool(outcome.faults)
        lines.append(outcome)
    if options.write:
        _write(lines)
    return failed


def _write(outcomes: list[Outcome]) -> None:
    """Put the figures of the harnesses that ran into the page; the lines of the others stay."""
    before, _, rest = DOCS.read_text("utf-8").partition(BEGIN)
    table, _, after = rest.partition(END)
    rows = {line.split(" | ")[0].removeprefix("| "): line for line in table.splitlines()[2:] if line.startswith("| ")}
    for outcome in outcomes:
        more = ", ".join(f"{key} {value}" for key, value in outcome.figures.items())
        rows[outcome.name] = f"| {outcome.name} | {outcome.cases:,} | {len(outcome.faults)} | {more} |"
    head = "| Harness | Cases | Faults | More |\n|---|---|---|---|\n"
    DOCS.write_text(before + BEGIN + head + "".join(f"{row}\n" for row in rows.values()) + END + after, "utf-8")


if __name__ == "__main__":
    raise SystemExit(main())
