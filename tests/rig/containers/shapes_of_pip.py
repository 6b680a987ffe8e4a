"""Applications whose packages requirements files or a plain pyproject.toml name."""

from __future__ import annotations

from collections.abc import Mapping

from rig.containers.shape import Shape
from rig.containers.sources import (
    DJANGO_ASGI,
    DJANGO_MANAGE,
    DJANGO_SETTINGS,
    DJANGO_URLS,
    DJANGO_WSGI,
    FASTAPI,
    FLASK,
    LIBRARY,
)

OF_PIP: Mapping[str, Shape] = {
    "django-nested-requirements": Shape(
        build="{app: 'ledger.wsgi:application', interface: wsgi, workdir: backend, "
        "steps: [[python, manage.py, collectstatic, --noinput]]}",
        answer="collected by the build",
        files={
            "requirements.txt": "-r requirements/production.txt\n",
            "requirements/production.txt": "-r base.txt\n-c ../limits/versions.txt\ngunicorn\n",
            "requirements/base.txt": "django\n",
            "limits/versions.txt": "django>=5\n",
            "backend/manage.py": DJANGO_MANAGE,
            "backend/ledger/__init__.py": "",
            "backend/ledger/settings.py": DJANGO_SETTINGS,
            "backend/ledger/urls.py": DJANGO_URLS,
            "backend/ledger/wsgi.py": DJANGO_WSGI,
            "backend/assets/style.css": "collected by the build",
        },
    ),
    "flask-src-editable": Shape(
        build="{app: 'notes.web:app', interface: wsgi, requirements: [deploy.req]}",
        answer="notes 3",
        files={
            "deploy.req": "-e .[live]\n",
            "pyproject.toml": (
                '[project]\nname = "notes"\nversion = "3"\ndependencies = ["flask"]\n'
                '[project.optional-dependencies]\nlive = ["gunicorn"]\n'
                '[build-system]\nrequires = ["setuptools>=70"]\nbuild-backend = "setuptools.build_meta"\n'
            ),
            "src/notes/__init__.py": "",
            "src/notes/web.py": FLASK.format(imports="", answer='"notes " + version("notes")'),
        },
    ),
    "plain-pyproject": Shape(
        build="{app: 'web:app', interface: wsgi, requirements: [pyproject.toml], extras: [live], python_path: lib}",
        answer="plain",
        files={
            "pyproject.toml": (
                '[project]\nname = "plain"\nversion = "3"\ndependencies = ["flask"]\n'
                '[project.optional-dependencies]\nlive = ["gunicorn"]\n'
            ),
            "lib/web.py": FLASK.format(imports="", answer='"plain"'),
        },
    ),
    "fastapi-odd-file-names": Shape(
        build="{app: 'app.main:app', requirements: [deploy/live.pip]}",
        answer="from the library",
        files={
            "deploy/live.pip": "-r base.pip\n-c ../limits.pip\n./libs/common\nuvicorn\n",
            "deploy/base.pip": "fastapi\n",
            "limits.pip": "uvicorn>=0.31\n",
            "app/__init__.py": "",
            "app/main.py": FASTAPI.format(imports="from common import GREETING", answer="GREETING"),
            "libs/common/pyproject.toml": LIBRARY,
            "libs/common/common/__init__.py": 'GREETING = "from the library"\n',
        },
    ),
    "flask-factory-setup-cfg": Shape(
        build="{app: 'store:create_app()', interface: wsgi}",
        answer="made by the factory",
        files={
            "requirements.txt": "--editable .\ngunicorn\n",
            "setup.py": "from setuptools import setup\nsetup()\n",
            "setup.cfg": "[metadata]\nname = store\nversion = 2\n[options]\npackages = find:\n"
            "install_requires =\n    flask\n",
            # As Flask's documentation has it for a single proxy.
            "store/__init__.py": "from flask import Flask, request\n"
            "from werkzeug.middleware.proxy_fix import ProxyFix\n"
            "\n\ndef create_app():\n    app = Flask(__name__)\n    app.wsgi_app = ProxyFix(app.wsgi_app)\n"
            '    app.add_url_rule("/healthz", "health", lambda: "made by the factory")\n'
            '    app.add_url_rule("/who", "who", lambda: f"{request.scheme} {request.remote_addr}")\n    return app\n',
        },
    ),
    "django-asgi-src": Shape(
        build="{app: 'ledger.asgi:application', workdir: src, steps: [[python, manage.py, collectstatic, --noinput]]}",
        answer="collected by the build",
        files={
            "requirements.txt": "django\nuvicorn\n",
            "src/manage.py": DJANGO_MANAGE,
            "src/ledger/__init__.py": "",
            "src/ledger/settings.py": DJANGO_SETTINGS,
            "src/ledger/urls.py": DJANGO_URLS,
            "src/ledger/asgi.py": DJANGO_ASGI,
            "src/assets/style.css": "collected by the build",
        },
    ),
    "hatch-dynamic-version": Shape(
        build="{app: 'bakery.web:app', interface: wsgi, requirements: [pyproject.toml, local.txt], extras: [live]}",
        answer="bakery 4.2",
        files={
            "local.txt": "-e .\n",
            "pyproject.toml": (
                '[project]\nname = "bakery"\ndynamic = ["version"]\ndependencies = ["flask"]\nreadme = "README.md"\n'
                '[project.optional-dependencies]\nlive = ["gunicorn"]\n'
                '[build-system]\nrequires = ["hatchling"]\nbuild-backend = "hatchling.build"\n'
                '[tool.hatch.version]\npath = "src/bakery/__init__.py"\n'
                '[tool.hatch.envs.default]\ndependencies = ["pytest"]\n'
            ),
            "README.md": "# Bakery\n",
            "src/bakery/__init__.py": '__version__ = "4.2"\n',
            "src/bakery/web.py": FLASK.format(imports="", answer='"bakery " + version("bakery")'),
        },
    ),
    "python-3.10": Shape(
        build="{app: 'old:app', interface: wsgi, python: 3.10}",
        answer="Python 3.10",
        files={
            "requirements.txt": "flask\ngunicorn\n",
            "old.py": FLASK.format(imports="import sys", answer='"Python %d.%d" % sys.version_info[:2]'),
        },
    ),
    "python-3.13": Shape(
        build="{app: 'new:app', python: 3.13}",
        answer="Python 3.13",
        files={
            "requirements.txt": "fastapi\nuvicorn\n",
            "new.py": FASTAPI.format(imports="import sys", answer='"Python %d.%d" % sys.version_info[:2]'),
        },
    ),
    "oldest-servers": Shape(
        build="{app: 'old:app', interface: wsgi}",
        answer="old",
        files={
            "requirements.txt": "flask\ngunicorn==20.1.0\nsetuptools<81\n",
            "old.py": FLASK.format(imports="", answer='"old"'),
        },
    ),
    "oldest-uvicorn-two-workers": Shape(
        build="{app: 'old:app'}",
        answer="old",
        files={"requirements.txt": "fastapi\nuvicorn==0.31.0\n", "old.py": FASTAPI.format(imports="", answer='"old"')},
        more=", size: large",
    ),
    "slow-import-two-workers": Shape(
        build="{app: 'slow:app'}",
        answer="slow",
        # The regular expression holds the interpreter's lock for longer than uvicorn waits for a worker by default.
        files={
            "requirements.txt": "fastapi\nuvicorn\n",
            "slow.py": FASTAPI.format(
                imports="import re, time\nuntil = time.monotonic() + 8\n"
                "while time.monotonic() < until:\n    re.match(r'(a+)+$', 'a' * 22 + 'b')",
                answer='"slow"',
            ),
        },
        more=", size: large",
        grace=60,
    ),
}
