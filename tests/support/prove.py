"""`make prove`: play any spec through on an emulated cloud, and tell what was seen."""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from cloudgen.errors import CloudgenError, SpecError
from support import mirror
from support.cycle import Report, cycle
from support.terraform import Terraform, TerraformError
from support.tools import MissingToolError, Toolbox, terraform

CYCLES: dict[str, Callable[[Path, Path, Terraform, str], Report]] = {"aws": cycle}
"""The targets for which there is an emulator."""


def main(arguments: list[str] | None = None) -> int:
    """Return 0 when the first apply works, a second plan is empty and everything can be destroyed; 1 when not."""
    parser = argparse.ArgumentParser(prog="make prove", description=__doc__)
    parser.add_argument("spec", type=Path)
    parser.add_argument("--target", choices=CYCLES, default="aws")
    options = parser.parse_args(arguments)
    finders = {"terraform": terraform, "aws-provider": mirror.find_aws_provider}
    with tempfile.TemporaryDirectory(prefix="cloudgen-prove-") as name:
        box = Toolbox(finders, Path(name))
        try:
            tools = Terraform(box.find("terraform"), box.find("aws-provider"))
            print(f"{options.spec}: some minutes, in which the provider mostly waits", flush=True)
            report = CYCLES[options.target](options.spec.resolve(), Path(name, "cycle"), tools, options.spec.name)
        except SpecError as error:
            print(f"{error}: `cloudgen validate {options.spec}` tells which", file=sys.stderr)
            return 1
        except (MissingToolError, CloudgenError) as error:
            print(error, file=sys.stderr)
            return 2
        except TerraformError as error:
            print(error, file=sys.stderr)
            return 1
        finally:
            box.close()
    print(report)
    for change in report.tolerated:
        print(f"because of the emulator, a second plan changes {change}")
    for change in report.second_plan:
        print(f"WRONG: a second plan changes {change}")
    for address in report.left:
        print(f"WRONG: not destroyed: {address}")
    return 1 if report.second_plan or report.left else 0


if __name__ == "__main__":
    sys.exit(main())
