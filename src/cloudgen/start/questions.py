"""Asks on a terminal for what was not found. An empty answer leaves it open."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from cloudgen.dataclass import replace
from cloudgen.start.draft import MANAGERS

if TYPE_CHECKING:
    from cloudgen.detect.application import Application
    from cloudgen.start.answers import Answers


def ask(application: Application, answers: Answers) -> Answers:
    """Ask for what neither the application nor the command line says; return the answers with what was said."""
    own = application.dockerfile
    is_offered = answers.dockerfile is None and answers.app is None and own is not None and own.serves
    if own and is_offered and click.confirm(f"Use your own {own.file}, not cloudgen's?", default=False, err=True):
        return _health(application, replace(answers, dockerfile=own.file))
    if answers.dockerfile is not None:
        return _health(application, answers)
    if answers.app is None and application.app is None and application.command is None:
        stated = _text("ASGI or WSGI application, module:object (empty: later)")
        if stated:
            interface = click.prompt("What it speaks", type=click.Choice(["asgi", "wsgi"]), default="asgi", err=True)
            answers = replace(answers, app=stated, interface=interface)
    elif answers.app is None and application.app is not None and application.others:
        listed = [application.app, *(other.app for other in application.others)]
        chosen = click.prompt("Which application", type=click.Choice(listed), default=application.app, err=True)
        answers = replace(answers, app=None if chosen == application.app else chosen)
    if answers.package_manager is None and application.package_manager not in MANAGERS:
        choice = click.Choice([*MANAGERS, "later"])
        chosen = click.prompt("Whose lock pins the packages", type=choice, default="later", err=True)
        answers = replace(answers, package_manager=None if chosen == "later" else chosen)
    return _health(application, answers)


def _health(application: Application, answers: Answers) -> Answers:
    if answers.health is None and application.health is None:
        stated = _text("Path that answers 200 when the application works, such as /healthz (empty: later)")
        return replace(answers, health=stated or None)
    return answers


def _text(question: str) -> str:
    return str(click.prompt(question, default="", show_default=False, err=True)).strip()
