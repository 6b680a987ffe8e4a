"""`init` on a large repository takes no more than three times as long as Python takes to compile it."""

from __future__ import annotations

import compileall
import time
from pathlib import Path

from cloudgen.detect.application import detect

FILES = 10_000
LIMIT = 3.0
"""Times of one `compileall`, measured in the same run: this machine's speed cancels out."""

VIEWS = '''"""Views of part {0}."""
from __future__ import annotations

import logging
from dataclasses import dataclass

from fastapi import APIRouter, Depends

from shop.part{1}.models import Thing{1}

logger = logging.getLogger(__name__)
router = APIRouter(prefix="/part{0}", tags=["part{0}"])


@dataclass
class Answer{0}:
    name: str
    size: int = {0}

    def described(self) -> str:
        return f"{{self.name}} of {{self.size}}"


@router.get("/things/{{name}}")
async def thing(name: str) -> dict[str, object]:
    found = {{"name": name}}.get("name")
    logger.info("asked for %s", found)
    return {{"answer": Answer{0}(name).described(), "thing": Thing{1}}}


def sizes(values: list[int], least: int = 0) -> list[int]:
    return sorted(value * 2 for value in values if value > least)
'''
MODELS = '''"""Models of part {0}."""
from __future__ import annotations


class Thing{0}:
    """A thing."""

    table = "things_{0}"
    fields = ("name", "size", "colour")

    def __init__(self, name: str, size: int, colour: str = "red") -> None:
        self.name = name
        self.size = size
        self.colour = colour

    def as_dict(self) -> dict[str, object]:
        return {{field: getattr(self, field) for field in self.fields}}

    def larger(self, other: "Thing{0}") -> bool:
        if self.size == other.size:
            return self.name > other.name
        return self.size > other.size
'''
MAIN = """from fastapi import FastAPI
from shop import api
app = FastAPI()
app.include_router(api.router, prefix="/api")
"""


def large_repository(folder: Path) -> None:
    """Write 10,000 modules, a fifth of them with routes, and the application in the last folder of the alphabet."""
    package = folder / "zz" / "shop"
    parts = FILES // 5
    for number in range(parts):
        part = package / f"part{number}"
        part.mkdir(parents=True)
        (part / "__init__.py").write_text("")
        (part / "views.py").write_text(VIEWS.format(number, (number + 1) % parts))
        for name in ("models", "forms", "tasks"):
            (part / f"{name}.py").write_text(MODELS.format(number))
    (package / "__init__.py").write_text("")
    (package / "main.py").write_text(MAIN)
    (package / "api.py").write_text(
        "from fastapi import APIRouter\nrouter = APIRouter()\n@router.get('/livez')\ndef live(): ...\n"
    )
    (folder / "zz" / "requirements.txt").write_text("fastapi\nuvicorn\n")


def test_ten_thousand_files(tmp_path: Path) -> None:
    large_repository(tmp_path)
    start = time.process_time()
    application = detect(tmp_path)
    taken = time.process_time() - start
    start = time.process_time()
    compileall.compile_dir(tmp_path, quiet=2)
    compiled = time.process_time() - start
    print(f"init {taken:.1f} s, compileall {compiled:.1f} s, ratio {taken / compiled:.2f}")
    assert (application.app, application.health) == ("shop.main:app", "/api/livez")
    assert not [advice for advice in application.advice if "not read" in advice]
    assert taken <= LIMIT * compiled
