"""Repositories as their makers publish them: of three frameworks, none made for cloudgen, none with a spec."""

from __future__ import annotations

from collections.abc import Mapping

REPOSITORIES: Mapping[str, Mapping[str, str]] = {
    "fastapi-getting-started": {
        "README.md": "# Getting started with FastAPI\n",
        ".dockerignore": ".git\ntests\n",
        ".python-version": "3.12\n",
        "Procfile": "web: uvicorn app.main:app --host 0.0.0.0 --port $PORT\n",
        "requirements.txt": "-r requirements/base.txt\nuvicorn[standard]\n",
        "requirements/base.txt": "fastapi\npydantic-settings\n",
        "app/__init__.py": "",
        "app/settings.py": (
            "from pydantic_settings import BaseSettings\n\n\nclass Settings(BaseSettings):\n"
            '    title: str = "Getting started"\n\n\nsettings = Settings()\n'
        ),
        "app/routes.py": (
            "from fastapi import APIRouter\n\nfrom .settings import settings\n\n"
            'router = APIRouter(prefix="/health")\n\n\n@router.get("/live")\nasync def live() -> dict[str, str]:\n'
            '    return {"title": settings.title}\n'
        ),
        "app/main.py": (
            "from fastapi import FastAPI\n\nfrom .routes import router\nfrom .settings import settings\n\n"
            "app = FastAPI(title=settings.title)\n"
            'app.include_router(router, prefix="/api/v1")\n'
        ),
        "tests/test_main.py": (
            "from fastapi.testclient import TestClient\n\nfrom app.main import app\n\n\ndef test_live():\n"
            '    assert TestClient(app).get("/api/v1/health/live").status_code == 200\n'
        ),
    },
    "flask-with-webpack": {
        "README.md": "# A Flask application with a front end\n",
        "Procfile": "web: gunicorn autoapp:app -b 0.0.0.0:$PORT\n",
        "requirements/prod.txt": "flask\ngunicorn\n",
        "requirements/dev.txt": "-r prod.txt\npytest\n",
        "requirements.txt": "-r requirements/prod.txt\n",
        "package.json": (
            '{\n  "name": "assets",\n  "version": "1.0.0",\n  "private": true,\n'
            '  "scripts": {\n    "build": "node assets/build.js"\n  }\n}\n'
        ),
        "package-lock.json": (
            '{\n  "name": "assets",\n  "version": "1.0.0",\n  "lockfileVersion": 3,\n'
            '  "packages": {"": {"name": "assets", "version": "1.0.0"}}\n}\n'
        ),
        "assets/build.js": (
            'const fs = require("fs");\nfs.mkdirSync("board/static", {recursive: true});\n'
            'fs.writeFileSync("board/static/bundle.js", "console.log(1)");\n'
        ),
        "autoapp.py": "from board.app import create_app\n\napp = create_app()\n",
        "board/__init__.py": "",
        "board/app.py": (
            "from flask import Flask\n\nfrom board import views\n\n\ndef create_app(config=None):\n"
            "    app = Flask(__name__)\n    app.register_blueprint(views.blueprint)\n    return app\n"
        ),
        "board/views.py": (
            "from pathlib import Path\n\nfrom flask import Blueprint\n\n"
            'blueprint = Blueprint("public", __name__)\n\n\n@blueprint.route("/health")\ndef health():\n'
            '    """It works when the bundle is there."""\n'
            '    return (Path(__file__).parent / "static" / "bundle.js").read_text()\n'
        ),
    },
    "django-getting-started": {
        "README.md": "# Getting started with Django\n",
        ".gitignore": "*.sqlite3\nstaticfiles/\n",
        "Procfile": "web: gunicorn --bind 0.0.0.0:$PORT gettingstarted.wsgi\n",
        ".python-version": "3.12\n",
        "requirements.txt": "django\ngunicorn\nwhitenoise\n",
        "manage.py": (
            "import os\nimport sys\n\nif __name__ == '__main__':\n"
            "    os.environ.setdefault('DJANGO_SETTINGS_MODULE', 'gettingstarted.settings')\n"
            "    from django.core.management import execute_from_command_line\n\n"
            "    execute_from_command_line(sys.argv)\n"
        ),
        "gettingstarted/__init__.py": "",
        "gettingstarted/settings.py": (
            "import os\nfrom pathlib import Path\n\nBASE_DIR = Path(__file__).resolve().parent.parent\n"
            "SECRET_KEY = os.environ.get('SECRET_KEY', 'only-for-a-demonstration')\nDEBUG = False\n"
            "ALLOWED_HOSTS = ['*']\n"
            "INSTALLED_APPS = ['django.contrib.staticfiles', 'hello']\n"
            "MIDDLEWARE = ['django.middleware.security.SecurityMiddleware',\n"
            "              'whitenoise.middleware.WhiteNoiseMiddleware']\n"
            "ROOT_URLCONF = 'gettingstarted.urls'\nWSGI_APPLICATION = 'gettingstarted.wsgi.application'\n"
            "TEMPLATES = [{'BACKEND': 'django.template.backends.django.DjangoTemplates', 'APP_DIRS': True}]\n"
            "DATABASES = {'default': {'ENGINE': 'django.db.backends.sqlite3',\n"
            "                         'NAME': os.environ.get('SQLITE', '/tmp/db.sqlite3')}}\n"
            "STATIC_URL = 'static/'\nSTATIC_ROOT = BASE_DIR / 'staticfiles'\n"
            "STORAGES = {'staticfiles': {'BACKEND': 'whitenoise.storage.CompressedManifestStaticFilesStorage'}}\n"
        ),
        "gettingstarted/urls.py": (
            "from django.urls import path\n\nimport hello.views\n\n"
            "urlpatterns = [path('', hello.views.index, name='index')]\n"
        ),
        "gettingstarted/wsgi.py": (
            "import os\n\nfrom django.core.wsgi import get_wsgi_application\n\n"
            "os.environ.setdefault('DJANGO_SETTINGS_MODULE', 'gettingstarted.settings')\n\n"
            "application = get_wsgi_application()\n"
        ),
        "hello/__init__.py": "",
        "hello/views.py": (
            "from django.shortcuts import render\n\n\ndef index(request):\n    return render(request, 'index.html')\n"
        ),
        "hello/templates/index.html": "{% load static %}<link href=\"{% static 'lang-logo.css' %}\">\n",
        "hello/static/lang-logo.css": "body { color: black }\n",
    },
}
"""The files of each, by the name of the repository."""
