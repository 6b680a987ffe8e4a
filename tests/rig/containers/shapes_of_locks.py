"""Applications whose packages a lock of uv, Poetry, PDM or Pipenv pins."""

from __future__ import annotations

from collections.abc import Mapping

from rig.containers.shape import Shape
from rig.containers.sources import FASTAPI, FLASK, LIBRARY, STARLETTE

OF_LOCKS: Mapping[str, Shape] = {
    "uv-workspace-member": Shape(
        build="{app: 'orders.main:app', package_manager: uv, member: orders, extras: [server]}",
        answer="from the library",
        files={
            "pyproject.toml": '[tool.uv.workspace]\nmembers = ["services/*"]\n',
            "services/orders/pyproject.toml": (
                '[project]\nname = "orders"\ndynamic = ["version"]\nrequires-python = ">=3.12"\n'
                'dependencies = ["starlette", "common"]\n[project.optional-dependencies]\nserver = ["uvicorn"]\n'
                '[build-system]\nrequires = ["hatchling", "hatch-vcs"]\nbuild-backend = "hatchling.build"\n'
                '[tool.hatch.version]\nsource = "vcs"\n'
                '[tool.uv.sources]\ncommon = {path = "../../libs/common"}\n'
            ),
            "services/orders/orders/__init__.py": "",
            "services/orders/orders/main.py": STARLETTE,
            "libs/common/pyproject.toml": LIBRARY,
            "libs/common/common/__init__.py": 'GREETING = "from the library"\n',
        },
        locked=("pyproject.toml", "services/orders/pyproject.toml", "libs/common/pyproject.toml"),
    ),
    "poetry-group-and-extra": Shape(
        build="{app: 'shop:app', interface: wsgi, package_manager: poetry, groups: [web], extras: [colour]}",
        answer="colour and library",
        files={
            "pyproject.toml": (
                '[project]\nname = "shop"\nversion = "1"\nrequires-python = ">=3.12"\n'
                'dependencies = ["flask", "common"]\n[project.optional-dependencies]\ncolour = ["colorama"]\n'
                "[tool.poetry]\npackage-mode = false\n"
                '[tool.poetry.dependencies]\ncommon = {path = "libs/common"}\n'
                "[tool.poetry.group.web]\noptional = true\n"
                '[tool.poetry.group.web.dependencies]\ngunicorn = "*"\n'
            ),
            "shop.py": FLASK.format(imports="import colorama, common", answer='"colour and " + common.NAME'),
            "libs/common/pyproject.toml": LIBRARY,
            "libs/common/common/__init__.py": 'NAME = "library"\n',
        },
        locked=("pyproject.toml", "libs/common/pyproject.toml", "libs/common/common/__init__.py"),
    ),
    "uv-plain-with-group": Shape(
        build="{app: 'web:app', interface: wsgi, package_manager: uv, groups: [live]}",
        answer="plain",
        files={
            "pyproject.toml": (
                '[project]\nname = "plain"\nversion = "1"\nrequires-python = ">=3.12"\ndependencies = ["flask"]\n'
                '[dependency-groups]\nlive = ["gunicorn"]\n'
            ),
            "web.py": FLASK.format(imports="", answer='"plain"'),
        },
        locked=("pyproject.toml",),
    ),
    "uv-src-version-of-git": Shape(
        build="{app: 'tickets.api:app', package_manager: uv}",
        answer="tickets 0",
        files={
            "pyproject.toml": (
                '[project]\nname = "tickets"\ndynamic = ["version"]\nrequires-python = ">=3.12"\n'
                'dependencies = ["fastapi", "uvicorn"]\n'
                '[build-system]\nrequires = ["setuptools>=70", "setuptools-scm"]\n'
                'build-backend = "setuptools.build_meta"\n[tool.setuptools_scm]\n'
            ),
            "src/tickets/__init__.py": "",
            "src/tickets/api.py": FASTAPI.format(
                imports="from importlib.metadata import version", answer='"tickets " + version("tickets")'
            ),
        },
        locked=("pyproject.toml",),
    ),
    "poetry-package-src": Shape(
        build="{app: 'library.web:app', package_manager: poetry}",
        answer="library 7",
        files={
            "pyproject.toml": (
                '[tool.poetry]\nname = "library"\nversion = "7"\ndescription = ""\nauthors = []\n'
                'packages = [{include = "library", from = "src"}]\n'
                '[tool.poetry.dependencies]\npython = "^3.12"\nstarlette = "*"\nuvicorn = "*"\n'
                '[build-system]\nrequires = ["poetry-core"]\nbuild-backend = "poetry.core.masonry.api"\n'
            ),
            "src/library/__init__.py": "",
            "src/library/web.py": STARLETTE.replace(
                "from common import GREETING",
                'from importlib.metadata import version\n\nGREETING = "library " + version("library")',
            ),
        },
        locked=("pyproject.toml",),
    ),
    "pdm-src-group-and-library": Shape(
        build="{app: 'rooms.web:app', interface: wsgi, package_manager: pdm, extras: [live], groups: [colour]}",
        answer="rooms 5 in colour of library",
        files={
            "pyproject.toml": (
                '[project]\nname = "rooms"\nversion = "5"\nrequires-python = ">=3.12"\n'
                'dependencies = ["flask", "common @ file:///${PROJECT_ROOT}/libs/common"]\n'
                '[project.optional-dependencies]\nlive = ["gunicorn"]\n'
                '[dependency-groups]\ncolour = ["colorama"]\n'
                '[build-system]\nrequires = ["pdm-backend"]\nbuild-backend = "pdm.backend"\n'
                "[tool.pdm]\ndistribution = true\n"
            ),
            "src/rooms/__init__.py": "",
            "src/rooms/web.py": FLASK.format(
                imports="import colorama, common", answer='"rooms " + version("rooms") + " in colour of " + common.NAME'
            ),
            "libs/common/pyproject.toml": LIBRARY,
            "libs/common/common/__init__.py": 'NAME = "library"\n',
        },
        locked=("pyproject.toml", "libs/common/pyproject.toml", "libs/common/common/__init__.py"),
    ),
    "pdm-no-distribution": Shape(
        build="{app: 'web:app', package_manager: pdm}",
        answer="no distribution",
        files={
            "pyproject.toml": (
                '[project]\nname = "web"\nversion = "1"\nrequires-python = ">=3.12"\n'
                'dependencies = ["fastapi", "uvicorn"]\n[tool.pdm]\ndistribution = false\n'
            ),
            "web.py": FASTAPI.format(imports="", answer='"no distribution"'),
        },
        locked=("pyproject.toml",),
    ),
    "pipenv-category-and-library": Shape(
        build="{app: 'web:app', interface: wsgi, package_manager: pipenv, groups: [live]}",
        answer="of the library",
        files={
            "Pipfile": (
                '[packages]\nflask = "*"\ncommon = {path = "libs/common", editable = true}\n[live]\ngunicorn = "*"\n'
                '[dev-packages]\npytest = "*"\n[requires]\npython_version = "3.12"\n'
            ),
            "web.py": FLASK.format(imports="import common", answer='"of the " + common.NAME'),
            "libs/common/pyproject.toml": LIBRARY,
            "libs/common/common/__init__.py": 'NAME = "library"\n',
        },
        locked=("Pipfile", "libs/common/pyproject.toml", "libs/common/common/__init__.py"),
    ),
}
