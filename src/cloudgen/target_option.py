"""The type of the option `--target`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from cloudgen.stack import rendered_targets

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

    _Parameter = click.ParamType[str, Any]
else:
    _Parameter = click.ParamType  # a generic class from click 8.4 on


class TargetName(_Parameter):
    """The name of a target, or `all`; asked of the registry whenever it is needed."""

    name = "target"

    @property
    def _choice(self) -> click.Choice[str]:
        return click.Choice([*rendered_targets(), "all"])

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return the name, or fail with those that there are."""
        return self._choice.convert(value, param, ctx)

    def get_metavar(self, param: click.Parameter, ctx: click.Context) -> str | None:
        """Return the names, for the help."""
        return self._choice.get_metavar(param, ctx)

    def get_missing_message(self, param: click.Parameter, ctx: click.Context | None) -> str | None:
        """Return the names, for the message that one is missing."""
        return self._choice.get_missing_message(param, ctx)

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
        """Return the names that begin so."""
        return self._choice.shell_complete(ctx, param, incomplete)
