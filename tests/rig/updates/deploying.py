"""deploy.sh with stand-ins for the tools that it calls, which die at a call that a test names, and remember what is."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

TOOL = """#!/bin/sh
# A stand-in for a tool: it notes each call, and at one of them it fails, or is killed and takes the script along.
name=$(basename "$0")
echo "$name $*" >>"$LOG"
if [ "$name $*" = "$DIE_AT" ] && [ "$(grep -cxF "$DIE_AT" "$LOG")" -eq "$DIE_TIME" ]; then
  [ "$DIE_HOW" = fails ] && exit 1
  # The whole group: the script, and what it runs beside.
  kill -KILL 0
fi
case "$name $*" in
  *get-caller-identity*) echo 111122223333 ;;
  *get-login-password* | *print-access-token*) echo token ;;
  "docker push "*) echo "${2##*/}" >>"$PUSHED" ;;
  *describe-images*)
    for word in "$@"; do case $word in imageTag=*) tag=${word#imageTag=} ;; esac; done
    grep -q ":$tag\\$" "$PUSHED" || { echo "ImageNotFoundException" >&2; exit 254; }
    echo "sha256:$(printf '%064d' 7)"
    ;;
  "terraform "*-migrate-state*) touch "$PUSHED.state" ;;
  *head-object*) [ -f "$PUSHED.state" ] || { echo "(404) Not Found" >&2; exit 254; } ;;
  *"output -json task_definitions"*) echo '{"web":"arn:web:7","thumbs":"arn:thumbs:7"}' ;;
  *describe-services*rolloutState*)
    for word in "$@"; do
      [ "$last" = --services ] && printf 'arn:%s:7\\tCOMPLETED\\n' "$word"
      last=$word
    done
    ;;
  *"secrets versions list"*) echo 1 ;;
  *"images describe"*)
    for word in "$@"; do case $word in *-docker.pkg.dev/*) image=$word ;; esac; done
    grep -q "^${image##*/}\\$" "$PUSHED" || { echo "NOT_FOUND: Image not found." >&2; exit 1; }
    echo "sha256:$(printf '%064d' 7)"
    ;;
  "git "*rev-parse*) echo abc1234 ;;
esac
"""
"""What it answers is what deploy.sh asks on any cloud; a push is remembered, all else succeeds and says nothing."""

TOOLS = ("aws", "gcloud", "docker", "git", "terraform")
KILLED = -9
WAYS = ("fails", "is killed")


@dataclass(frozen=True)
class Place:
    """A rendered tree, a folder of tools, and what they remember."""

    tree: Path
    memory: Path

    @classmethod
    def make(cls, tree: Path, memory: Path) -> Place:
        """Put the tools beside a tree; the folder is new."""
        tools = memory / "tools"
        tools.mkdir(parents=True)
        for name in TOOLS:
            (tools / name).write_text(TOOL, encoding="utf-8")
            (tools / name).chmod(0o755)
        (memory / "pushed").touch()
        return cls(tree, memory)

    def run(self, die_at: str = "", time: int = 1, how: str = "fails") -> subprocess.CompletedProcess[str]:
        """Run deploy.sh as a person does who says yes to everything; a log of its own for each run.

        It ends at a call that is made for that time.
        """
        self.log.unlink(missing_ok=True)
        return subprocess.run(
            ["sh", str(self.tree / "deploy.sh"), "--yes"],
            env=self.variables | {"HOME": os.environ["HOME"], "DIE_AT": die_at, "DIE_TIME": str(time), "DIE_HOW": how},
            capture_output=True,
            text=True,
            check=False,
            # A group of its own, which a tool can end.
            start_new_session=True,
        )

    @property
    def variables(self) -> dict[str, str]:
        """What of the environment leads to the tools, none of which dies."""
        return {
            "PATH": f"{self.memory / 'tools'}{os.pathsep}{os.environ['PATH']}",
            "LOG": str(self.log),
            "PUSHED": str(self.memory / "pushed"),
            "DIE_AT": "",
            "DIE_TIME": "1",
            "DIE_HOW": WAYS[0],
        }

    @property
    def log(self) -> Path:
        """The calls of the last run."""
        return self.memory / "log"

    @property
    def calls(self) -> list[str]:
        """The calls of the last run, a line each."""
        return self.log.read_text(encoding="utf-8").splitlines() if self.log.exists() else []

    def applies(self) -> list[str]:
        """Return which modules the last run applied, in order; the root is the empty word."""
        found = (call.split() for call in self.calls if call.startswith("terraform ") and " apply" in call)
        return [
            next((word.removeprefix("-chdir=") for word in call if word.startswith("-chdir=")), "") for call in found
        ]


def tail(done: subprocess.CompletedProcess[str], lines: int = 5) -> Sequence[str]:
    """Return the end of what a run said."""
    return [*done.stdout.splitlines(), *done.stderr.splitlines()][-lines:]
