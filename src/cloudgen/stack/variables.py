"""The input variables of the root module: the images to run, and the values of the secrets."""

from __future__ import annotations

from collections.abc import Sequence

from cloudgen.dataclass import dataclass
from cloudgen.stack.base import HclValue, Ref


@dataclass(frozen=True)
class Validation:
    """A condition that a variable's value must meet, and the full sentence that terraform prints when it does not."""

    condition: Ref
    error_message: str


@dataclass(frozen=True)
class TerraformVariable:
    """An input variable, rendered by variables.tf. Without a default it has to be given at every run."""

    name: str
    type: Ref
    description: str
    default: HclValue = None
    sensitive: bool = False
    ephemeral: bool = False
    """Whether terraform forgets the value: it then stands neither in the state nor in a plan."""
    validations: tuple[Validation, ...] = ()

    @property
    def optional(self) -> bool:
        """Whether there is a default."""
        return self.default is not None

    @property
    def address(self) -> Ref:
        """How the rest of the module reads it."""
        return Ref(f"var.{self.name}")


def variables(images: Sequence[str], secrets: Sequence[str]) -> tuple[TerraformVariable, ...]:
    """Decide the variables. `images` are the containers whose image is built here, `secrets` the secrets' names."""
    return (
        *((_images(images),) if images else ()),
        *((_secret_values(secrets),) if secrets else ()),
    )


def _images(names: Sequence[str]) -> TerraformVariable:
    attributes = "\n".join(f"{name} = string" for name in names)
    return TerraformVariable(
        name="images",
        type=Ref(f"object({{\n{attributes}\n}})"),
        description="The image of each container, as registry/repository@sha256:digest",
        validations=(
            Validation(
                Ref('alltrue([for image in values(var.images) : can(regex("@sha256:[0-9a-f]{64}$", image))])'),
                "Pin every image by its digest, such as example.com/shop/web@sha256:0123…, so that a deployment runs "
                "what was tested.",
            ),
        ),
    )


def _secret_values(secrets: Sequence[str]) -> TerraformVariable:
    """A map rather than an object: terraform drops unknown attributes of an object, and with them a mistyped name."""
    known = ", ".join(f'"{name}"' for name in secrets)
    return TerraformVariable(
        name="secret_values",
        type=Ref("map(string)"),
        description="The values of secrets, by name: needed when a secret is made, and when its version was raised",
        default={},
        sensitive=True,
        ephemeral=True,
        validations=(
            Validation(
                Ref(f"alltrue([for name in keys(var.secret_values) : contains([{known}], name)])"),
                f"Known secrets are {', '.join(secrets)}.",
            ),
            Validation(
                Ref("alltrue([for value in values(var.secret_values) : length(value) > 0])"),
                "A secret cannot be empty.",
            ),
        ),
    )
