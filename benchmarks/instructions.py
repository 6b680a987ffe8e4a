"""The gate: no command takes more instructions than its bound, in ratio to `python -c pass` in the same run.

    python benchmarks/instructions.py            fails more than 5 % above the baseline
    python benchmarks/instructions.py --renew    writes the baseline anew: after an improvement or a wanted cost

Instructions do not depend on how busy a machine is, and the ratio cancels the interpreter's build. valgrind counts
them, in a wheel's installation with warm bytecode, without random addresses and hashes.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

from environments import ROOT, WORK, clean_environment, cloudgen

BASELINE = Path(__file__).with_name("baseline.json")
RISE = 1.05
FALL = 0.9
"""Below this part of the baseline it is time to renew it, or half of an improvement could be lost unseen."""
EXAMPLE = str(ROOT / "examples" / "fastapi-shop" / "cloudgen.yaml")
COMMANDS = {
    "--version": ["--version"],
    "--help": ["--help"],
    "validate": ["validate", EXAMPLE],
    "render aws": ["render", EXAMPLE, "--target", "aws", "--output", str(WORK / "counted")],
}


def instructions(command: list[str]) -> int:
    """Count the instructions of a second run; the first one leaves the bytecode and the files."""
    subprocess.run(command, check=True, capture_output=True, env=clean_environment())
    # Of valgrind's tools that count instructions this is the quickest.
    counted = ["valgrind", "--tool=cachegrind", "--cache-sim=no", "--cachegrind-out-file=/dev/null", *command]
    # Some containers forbid fixed addresses; the counts differ by little then.
    fixed = ["setarch", "--addr-no-randomize"]
    is_allowed = subprocess.run([*fixed, "true"], check=False, capture_output=True).returncode == 0
    run = subprocess.run(
        fixed * is_allowed + counted, check=True, capture_output=True, text=True, env=clean_environment()
    )
    found = re.search(r"I +refs: +([\d,]+)", run.stderr)
    if not found:
        raise SystemExit(f"valgrind counted nothing:\n{run.stderr}")
    return int(found[1].replace(",", ""))


def ratios() -> dict[str, float]:
    """Measure every command against `python -c pass`."""
    programs = cloudgen()
    floor = instructions([str(programs / "python"), "-c", "pass"])
    return {
        name: round(instructions([str(programs / "cloudgen"), *arguments]) / floor, 2)
        for name, arguments in COMMANDS.items()
    }


def verdict(measured: dict[str, float], baseline: dict[str, float]) -> list[str]:
    """Say what is wrong: too slow, not in the baseline, or so much quicker that the baseline holds nothing."""
    found = []
    for name, ratio in measured.items():
        if name not in baseline:
            found.append(f"{name}: {ratio} x `python -c pass` has no baseline")
        elif ratio > baseline[name] * RISE:
            found.append(f"{name}: {ratio} x `python -c pass`, more than 5 % above {baseline[name]}")
        elif ratio < baseline[name] * FALL:
            found.append(f"{name}: {ratio} x `python -c pass`, far below {baseline[name]}: renew the baseline")
    return found


def main() -> int:
    """Measure, print, and compare with the baseline or write it."""
    if not shutil.which("valgrind"):
        sys.stderr.write("valgrind is not on PATH: apt-get install valgrind\n")
        return 1
    measured = ratios()
    for name, ratio in measured.items():
        print(f"{name}: {ratio} x python -c pass")
    if sys.argv[1:] == ["--renew"]:
        BASELINE.write_text(json.dumps(measured, indent=2) + "\n", encoding="utf-8")
        return 0
    wrong = verdict(measured, json.loads(BASELINE.read_text(encoding="utf-8")))
    for line in wrong:
        sys.stderr.write(f"{line}\n")
    if wrong:
        sys.stderr.write("python benchmarks/instructions.py --renew accepts it; say why in the commit\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
