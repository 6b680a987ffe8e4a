"""The command line: arguments in, one function call, text out.

Only click is imported until a command runs, so that help, the version and shell completion are quick.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cloudgen import __version__, report, streams
from cloudgen.errors import CloudgenError, SpecError
from cloudgen.folder_option import FolderName
from cloudgen.printable import printable
from cloudgen.target_option import TargetName

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from cloudgen.spec.loader import DocumentError

INTERNAL_ERROR = 70
"""Exit code of a mistake in cloudgen itself, EX_SOFTWARE in sysexits.h."""
INTERRUPTED = 130

_SETTINGS = {"help_option_names": ["-h", "--help"], "max_content_width": 100}


def run(arguments: Sequence[str] | None = None) -> int:
    """Run a command line and return its exit code; every failure is a message, none is a traceback."""
    with streams.guarded():
        try:
            code = cli.main(args=arguments, prog_name="cloudgen", standalone_mode=False)
            sys.stdout.flush()
        except click.exceptions.Exit as stop:
            return stop.exit_code
        except click.ClickException as error:
            error.show()
            return error.exit_code
        except click.Abort:
            return INTERRUPTED
        except CloudgenError as error:
            return _failed(error)
        except Exception as error:
            return _internal(error)
        return code if isinstance(code, int) else 0


def _failed(error: CloudgenError) -> int:
    document = getattr(error, "document", None)
    if isinstance(error, SpecError) and document is not None:
        _tell(report.render(error.problems, document, "text", _painter()), end="")
        _tell_strict(error)
    elif text := report.told(error):
        _tell(f"{_painter()('error', 'error')}: {text}")
    return error.exit_code


def _tell_strict(error: SpecError) -> None:
    if all(problem.severity == "warning" for problem in error.problems):
        _tell("warnings are errors under --strict")


def _internal(error: Exception) -> int:
    if os.environ.get("CLOUDGEN_DEBUG") == "1":
        import traceback

        traceback.print_exc()
    else:
        _tell(f"{_painter()('error', 'internal error')}: {type(error).__name__}; please report it")
        _tell("  CLOUDGEN_DEBUG=1 shows where it happened")
    return INTERNAL_ERROR


def _painter(*, to_stdout: bool = False) -> report.Painter:
    return report.Painter.for_stream(sys.stdout if to_stdout else sys.stderr)


def _tell(text: str, end: str = "\n") -> None:
    click.echo(text + end, nl=False, err=True)


def _target_option(text: str, **settings: Any) -> Callable[..., Any]:
    return click.option("-t", "--target", "targets", type=TargetName(), multiple=True, help=text, **settings)


_strict_option = click.option("--strict", is_flag=True, help="Treat warnings as errors.")


class _Commands(click.Group):
    """Lists the commands in the order in which they are used, not by the alphabet."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        return list(self.commands)


@click.group(cls=_Commands, context_settings=_SETTINGS)
@click.version_option(__version__, prog_name="cloudgen", message="%(prog)s %(version)s")
def cli() -> None:
    """One YAML spec in, a Dockerfile and plain Terraform out.

    \b
    Start:
      cloudgen init                     write cloudgen.yaml for the application in this folder
      cloudgen render --target aws      write deploy/aws
      cd deploy/aws && terraform init && terraform apply

    Exit codes: 0 done, 1 the spec is invalid or --check found a difference, 2 wrong usage or a file that cannot be
    read or written, 3 a file that was edited would be overwritten, 70 a mistake in cloudgen.
    """


@cli.command(short_help="Write a first spec for an application.")
@click.argument("folder", default=".", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--name", help="Name of the application; every resource name begins with it.")
@click.option("--environment", type=click.Choice(["development", "staging", "production"]), default="production")
@click.option("--aws-region", help="AWS region, such as eu-west-1.")
@click.option("--aws-account", help="AWS account id, 12 digits.")
@click.option("--gcp-region", help="Google Cloud region, such as europe-west1.")
@click.option("--gcp-project", help="Google Cloud project id.")
@click.option("--domain", help="Domain that users type, such as shop.example.com.")
@click.option(
    "--database", type=click.Choice(["postgres", "mysql", "none"]), help="Database. Default: by the packages."
)
@click.option("--bucket/--no-bucket", default=None, help="An object store. Default: by the packages.")
@click.option("--port", type=click.IntRange(1, 65535), help="Port that the application listens on.")
@click.option("--app", help="ASGI or WSGI application, module:object.")
@click.option("--interface", type=click.Choice(["asgi", "wsgi"]), help="What the application speaks.")
@click.option("--package-manager", help="Whose lock pins the packages, such as uv.")
@click.option("--python", help="Python version, such as 3.12.")
@click.option("--health", help="Path that answers 200 when the application works.")
@click.option(
    "--dockerfile", is_flag=False, flag_value="", help="Use a Dockerfile of your own. Default: the one found."
)
@click.option("--from", "source", type=click.Path(exists=True, path_type=Path), help="A compose file, or copilot/.")
@click.option("--no-input", is_flag=True, help="Ask nothing, also on a terminal.")
@click.option("--schema", is_flag=True, help="Write cloudgen.schema.json too, for completion in editors.")
@click.option("--force", is_flag=True, help="Overwrite cloudgen.yaml.")
def init(folder: Path, *, source: Path | None, no_input: bool, force: bool, **answers: Any) -> None:
    """Write a commented cloudgen.yaml for the application in FOLDER.

    What the options leave open is read from the application's files, without running it; each finding is told with
    the line that it comes from. What was not found is asked on a terminal, else left open, and `validate` says so.

    \b
    Examples:
      cloudgen init --aws-region eu-west-1 --domain shop.example.com
      cloudgen init --dockerfile            with the Dockerfile that you have
      cloudgen init --from compose.yaml     from a compose file, or from copilot/
    """
    from cloudgen.start.answers import Answers
    from cloudgen.start.run import run

    is_terminal = sys.stdin.isatty() and sys.stderr.isatty()
    for line in run(folder, Answers(**answers), source, force=force, is_asking=is_terminal and not no_input):
        note = line.removeprefix("note: ")
        _tell(printable(line) if note == line else f"{_painter()('warning', 'note')}: {printable(note)}")


@cli.command(short_help="Check a spec and print every problem.")
@click.argument("spec", required=False)
@_target_option("Also check what this target cannot do. Default: every target that the spec names.")
@_strict_option
@click.option("--format", "style", type=click.Choice(report.FORMATS), default="text", show_default=True)
def validate(spec: str | None, targets: tuple[str, ...], *, strict: bool, style: report.Format) -> int:
    """Check SPEC (default: cloudgen.yaml, - for standard input) and print every problem.

    Where deploy/TARGET was rendered before, it also tells what the edit does to that.

    \b
    Example:
      cloudgen validate --format github
    """
    from cloudgen import foresight, pipeline
    from cloudgen.spec.loader import DocumentError

    try:
        found = pipeline.read_spec(spec)
        chosen = pipeline.chosen_targets(found.deployment, targets or ("all",))
        memories = foresight.usual_memories(found, chosen)
        stacks, warnings = pipeline.build_all(found, chosen, strict=strict, memories=memories)
        warnings = found.document.locate((*warnings, *foresight.foreseen(found, memories, stacks)))
    except DocumentError as error:
        return _print_problems(error, style)
    click.echo(report.render(warnings, found.document, style, _painter(to_stdout=True)), nl=False)
    for_targets = f" for {', '.join(chosen)}" if chosen else ""
    _tell(f"{printable(found.document.name)} is valid{for_targets}")
    return 0


def _print_problems(error: DocumentError, style: report.Format) -> int:
    click.echo(report.render(error.problems, error.document, style, _painter(to_stdout=True)), nl=False)
    _tell_strict(error)
    return error.exit_code


@cli.command(short_help="Write a Dockerfile and Terraform.")
@click.argument("spec", required=False)
@_target_option("What to render for; may be repeated.", required=True)
@click.option("-o", "--output", type=FolderName(), help="Folder to write. Default: deploy/TARGET beside SPEC.")
@click.option("--check", is_flag=True, help="Write nothing; exit with 1 if anything would change.")
@click.option("--diff", is_flag=True, help="Print what would change as a unified diff, and write nothing.")
@click.option("--dry-run", is_flag=True, help="Write nothing; tell what would be written.")
@_strict_option
@click.option("--force", is_flag=True, help="Overwrite files that were edited since cloudgen wrote them.")
@click.option("--allow-destroy", metavar="NAME", multiple=True, help="Let this edit destroy NAME and its data.")
@click.option("--forget", metavar="NAME", multiple=True, help="Leave NAME in the cloud, out of Terraform's hands.")
def render(spec: str | None, targets: tuple[str, ...], output: Path | None, **flags: Any) -> int:
    """Write a Dockerfile and Terraform from SPEC (default: cloudgen.yaml, - for standard input).

    With several targets, -o is the folder that holds a folder for each. Files that cloudgen did not write are left
    alone; a file that was edited since is only overwritten with --force. An edit that loses data is refused until it
    is asked for by the name that the message says.

    \b
    Examples:
      cloudgen render --target aws
      cloudgen render --target aws --allow-destroy storage.databases.main
      cloudgen render --target all --check     in a pipeline: is the output up to date?
    """
    from cloudgen import deliver, foresight, pipeline
    from cloudgen.edits import Asked

    found = pipeline.read_spec(spec)
    chosen = pipeline.chosen_targets(found.deployment, targets)
    asked = Asked(frozenset(flags["allow_destroy"]), frozenset(flags["forget"]))
    prepared = foresight.prepare(found, chosen, output, asked, strict=flags["strict"])
    if flags["diff"]:
        painter = _painter(to_stdout=True)
        click.echo("".join(deliver.diff(delivery, painter) for delivery in prepared.deliveries), nl=False)
    is_dry = flags["check"] or flags["diff"] or flags["dry_run"]
    if prepared.problems and (is_dry or not prepared.is_refused):
        _tell(report.render(prepared.problems, found.document, "text", _painter()))
    if not is_dry:
        foresight.write(found, prepared, force=flags["force"])
    for delivery in prepared.deliveries:
        _tell(deliver.told(delivery, is_dry=is_dry), end="")
    differs = any(delivery.changes.differences for delivery in prepared.deliveries)
    return 1 if prepared.is_refused or (flags["check"] and differs) else 0


@cli.command(short_help="Tell what a field means, or what a spec comes to.")
@click.argument("what", metavar="[SPEC|FIELD]", required=False)
@_target_option("What to show; may be repeated. Default: every cloud that the spec names.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def explain(what: str | None, targets: tuple[str, ...], *, as_json: bool) -> int:
    """Tell what a FIELD of the spec means, or what SPEC (default: cloudgen.yaml) comes to, cloud beside cloud.

    For a field it says how well each cloud supports it; for a spec it lists what is not exactly as the spec says.

    \b
    Examples:
      cloudgen explain networking.nat
      cloudgen explain
      cloudgen explain --target aws --json
    """
    from cloudgen.explain import field

    if what is not None and not field.is_spec(what):
        explanation = field.explain_field(what)
        click.echo(field.as_json(explanation.record()) if as_json else explanation.text(), nl=False)
        return 0
    from cloudgen import pipeline
    from cloudgen.explain import spec as whole
    from cloudgen.explain import table

    found = pipeline.read_spec(what)
    view = whole.resolve(found, pipeline.chosen_clouds(found.deployment, targets))
    if as_json:
        click.echo(field.as_json(view.record()), nl=False)
    else:
        click.echo(table.text(view, _painter(to_stdout=True)), nl=False)
        errors = [problem for problem in view.problems if problem.severity == "error"]
        _tell(report.render(errors, found.document, "text", _painter()), end="")
    return 1 if any(side.stack is None for side in view.sides) else 0


@cli.command(short_help="Print the JSON Schema of the spec.")
def schema() -> None:
    """Print the JSON Schema (draft 2020-12) of the spec.

    \b
    Example, for completion in editors:
      cloudgen schema > cloudgen.schema.json
    """
    from cloudgen.schema import schema_text

    click.echo(schema_text(), nl=False)
