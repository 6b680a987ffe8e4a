"""Measures cloudgen and others side by side, each as a whole process, and writes docs/performance.md.

    python benchmarks/compare.py [CONTAINERS ...]    default: 1 10 100 1000

In a round every command runs once, so a machine that gets busy slows all of them. A ratio is that of two runs of one
round; the table has the medians. Times are seconds of CPU, memory is the peak of the resident set.
"""

from __future__ import annotations

import math
import os
import shutil
import statistics
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from environments import ROOT, WORK, clean_environment, cloudgen, peers
from peers import cookiecutter_template, copier_template
from plot import plot
from specs import spec

CLOUDS = ("aws", "gcp")
ROUNDS = {1: 5, 10: 5, 100: 3}
"""Rounds by the number of containers; more containers: one."""
FLOOR = "python -c pass"
EXAMPLE = ROOT / "examples" / "fastapi-shop" / "cloudgen.yaml"


@dataclass(frozen=True)
class Run:
    """What one process took: CPU seconds of it and its children, and the peak of its memory in MiB."""

    cpu: float
    memory: float


@dataclass(frozen=True)
class Command:
    """A command with a name for the table. `fresh` is removed before each run."""

    title: str
    line: list[str]
    fresh: Path | None = None


def run(command: Command) -> Run:
    """Run a command to its end; raises `SystemExit` if it fails."""
    if command.fresh:
        shutil.rmtree(command.fresh, ignore_errors=True)
    log = WORK / "output.txt"
    with log.open("wb") as output:
        process = subprocess.Popen(command.line, stdout=output, stderr=output, env=clean_environment(), cwd=WORK)
        _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{command.line} failed:\n{log.read_text(errors='replace')}")
    return Run(usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def rounds(commands: list[Command], count: int) -> dict[str, list[Run]]:
    """Run all commands in turn, so many times, after a run that warms up."""
    found: dict[str, list[Run]] = {command.title: [] for command in commands}
    for number in range(count + (count > 1)):
        for command in commands:
            took = run(command)
            if number or count == 1:
                found[command.title].append(took)
    return found


def same_bytes(one: Path, other: Path) -> None:
    """Make sure that another generator wrote what cloudgen did."""

    def tree(folder: Path) -> dict[str, bytes]:
        files = (path for path in folder.rglob("*") if path.is_file() and path.name != ".cloudgen.json")
        return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}

    if tree(one) != tree(other):
        raise SystemExit(f"{other} is not what {one} is")


def commands_for(source: Path, cloud: str, folder: Path, programs: Path, others: Path) -> list[Command]:
    """Return all that is measured on one spec and one cloud."""
    terraform = shutil.which("terraform") or "terraform"
    out, again, theirs, copied = (folder / name for name in ("fresh", "unchanged", "cookiecutter", "copier"))
    render = [str(programs / "cloudgen"), "render", str(source), "--target", cloud, "--output"]
    subprocess.run([*render, str(again)], check=True, capture_output=True, env=clean_environment())
    before = {path: path.stat().st_mtime_ns for path in again.rglob("*")}
    subprocess.run([*render, str(again)], check=True, capture_output=True, env=clean_environment())
    if before != {path: path.stat().st_mtime_ns for path in again.rglob("*")}:
        raise SystemExit(f"{again}: a second render wrote something")
    # Its folders in the home directory are left alone.
    config = folder / "cookiecutter.yaml"
    config.write_text(f"cookiecutters_dir: {folder / 'cutters'}\nreplay_dir: {folder / 'replay'}\n", encoding="utf-8")
    cookiecutter = [str(others / "cookiecutter"), "--no-input", "--config-file", str(config)]
    cookiecutter.append(str(cookiecutter_template(again, folder / "cutter")))
    copier = [str(others / "copier"), "copy", "--quiet", "--defaults", str(copier_template(again, folder / "stencil"))]
    found = [
        Command(FLOOR, [str(programs / "python"), "-c", "pass"]),
        Command("cloudgen --version", [str(programs / "cloudgen"), "--version"]),
        Command("cloudgen validate", [str(programs / "cloudgen"), "validate", str(source)]),
        Command("cloudgen render, fresh", [*render, str(out)], out),
        Command("cloudgen render, unchanged", [*render, str(again)]),
        Command("cookiecutter, same files", [*cookiecutter, "--output-dir", str(theirs)], theirs),
        Command("copier, same files", [*copier, str(copied)], copied),
        Command("terraform version", [terraform, "version"]),
        Command("terraform fmt of the output", [terraform, "fmt", "-check", "-recursive", str(again)]),
    ]
    for command in found[-4:-2]:
        run(command)
    same_bytes(again, theirs / "shop")
    same_bytes(again, copied)
    return found


def ratio(runs: list[Run], to: list[Run]) -> float:
    """Return the median of the CPU ratios, round by round."""
    return statistics.median(one.cpu / other.cpu for one, other in zip(runs, to, strict=True))


def table(title: str, found: dict[str, list[Run]]) -> str:
    """Write the figures of one spec and cloud."""
    lines = [f"### {title}", "", "| command | CPU, s | x `python -c pass` | cloudgen render, fresh = 1 | MiB |"]
    lines.append("|---|---:|---:|---:|---:|")
    for name, runs in found.items():
        cpu, memory = (
            statistics.median(values) for values in zip(*((one.cpu, one.memory) for one in runs), strict=True)
        )
        to_floor, to_render = ratio(runs, found[FLOOR]), ratio(runs, found["cloudgen render, fresh"])
        lines.append(f"| `{name}` | {cpu:.3f} | {to_floor:.1f} | {to_render:.2f} | {memory:.0f} |")
    return "\n".join([*lines, ""])


def exponent(sizes: dict[int, dict[str, list[Run]]], small: int, large: int) -> float:
    """How the render's CPU time without the time of an empty process grows: 1 is in proportion to the containers."""

    def work(count: int) -> float:
        runs = sizes[count]["cloudgen render, fresh"]
        fixed = statistics.median(one.cpu for one in sizes[min(sizes)]["cloudgen render, fresh"])
        return max(statistics.median(one.cpu for one in runs) - fixed, 0.001)

    return math.log(work(large) / work(small)) / math.log(large / small)


def main() -> None:
    """Measure all, print it, and write the document and its plot."""
    counts = [int(text) for text in sys.argv[1:]] or [1, 10, 100, 1000]
    programs, others = cloudgen(), peers()
    parts: list[str] = []
    curves: dict[str, dict[int, float]] = {}
    for cloud in CLOUDS:
        sizes: dict[int, dict[str, list[Run]]] = {}
        for count in [0, *counts]:
            folder = WORK / f"{cloud}-{count}"
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir(parents=True)
            source = folder / "cloudgen.yaml"
            source.write_text(spec(count) if count else EXAMPLE.read_text(encoding="utf-8"), encoding="utf-8")
            commands = commands_for(source, cloud, folder, programs, others)
            found = rounds(commands, ROUNDS.get(count or 1, 1))
            title = f"{cloud}, {count} container{'s' * (count != 1)}" if count else f"{cloud}, examples/fastapi-shop"
            parts.append(table(title, found))
            print(parts[-1], flush=True)
            if not count:
                continue
            sizes[count] = found
            for name in ("cloudgen render, fresh", "cookiecutter, same files", "terraform fmt of the output"):
                seconds = statistics.median(one.cpu for one in found[name])
                curves.setdefault(f"{name}, {cloud}", {})[count] = seconds
        if len(counts) > 2:
            small, large = counts[-2:]
            grows = exponent(sizes, small, large)
            parts.append(f"From {small} to {large} containers the work grows with the exponent {grows:.2f}.\n")
            print(parts[-1], flush=True)
    write(parts, curves)


def write(parts: list[str], curves: dict[str, dict[int, float]]) -> None:
    """Put the tables between the marks of the document, and the plot beside it."""
    document = ROOT / "docs" / "performance.md"
    text = document.read_text(encoding="utf-8")
    head, mark, _ = text.partition("<!-- measured -->\n")
    document.write_text(f"{head}{mark}\n" + "\n".join(parts), encoding="utf-8")
    document.with_suffix(".svg").write_text(plot(curves), encoding="utf-8")


if __name__ == "__main__":
    main()
